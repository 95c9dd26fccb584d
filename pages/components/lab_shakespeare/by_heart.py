"""Learning by heart: the training loss, what is written after every epoch, and unseen text."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import corpora, services
from pages.components.browser.plot import plot
from pages.components.labs import page as lab_page
from pages.components.labs import runner as lab_runner
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.networks import Network, NetworkKey, load
from pages.components.training import samples as training_samples
from pages.components.training.forecast import is_here
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import runs_of
from rnnlab.figures.labs.shakespeare import by_heart_chart
from rnnlab.inspection.text_loss import (
    MAX_NEW_TEXT_CHARACTERS,
    NewTextScore,
    score_new_text,
)
from rnnlab.runs.run import Run
from rnnlab.text.visible import visible

KEY = "by_heart"
EXPERIMENT = EXPERIMENTS["shakespeare-by-heart"]
_LEARNED = EXPERIMENT.config.max_characters
_ASKED = "heart_read"
_OWN_TEXT = "what it learned"
_SIGNS = 12  # unknown characters that are named


def draw() -> None:
    """The whole part."""
    st.markdown(
        "A ReLU RNN of three layers with 512 units each reads the first 10,000 characters of "
        "*Coriolanus*, 50 at a time, fifty times from beginning to end. There is no validation "
        "part and nothing that would hold it back: 1.4 million weights for 10,000 characters. What "
        "it does is **pure memorisation**, and that is what this part shows.\n\n"
        "The state is carried from sequence to sequence and gradients are cut there; each epoch "
        "starts somewhere in the first 100 characters, so that the text is cut in other places."
    )
    lab_runner.runner(EXPERIMENT, key=KEY)
    st.info(
        "**A fault in the source, named and not copied.** Its sampling holds a view of the "
        "training text, not a copy, and writes each drawn character into it. After 50 epochs, 49 "
        "of the 10,000 characters it learns from are no longer Shakespeare's. Our text stays as "
        "it is.",
        icon=":material/bug_report:",
    )
    own = lab_runner.started(KEY)
    _curve(own)
    _samples(own)
    _unseen()


def _curve(own: Run | None) -> None:
    st.subheader("The training loss and its rolling average", anchor=False)
    shipped = runs_of(EXPERIMENT, services.store().labs())
    runs = [run for run in (own, *shipped) if run and len(run.metrics()["step"])]
    if not runs:
        st.caption("The curve comes with the first run.")
        return
    first, last = (measure.published for measure in EXPERIMENT.measures[1:])
    others = [_epochs(run) for run in shipped if run is not runs[0]]
    published = (first, last) if first and last and runs[0].config.budget == 50 else None
    figure = by_heart_chart(runs[0].metrics(), others, published)
    plot(figure, key="heart_curve", height=340, alt="Training loss over 50 epochs")
    st.caption(f"This run: {escape_markdown(runs[0].name)}.")
    how_to_read(
        "Pale: the loss as it was measured, every few updates. Bold: its rolling average over one "
        "epoch. Grey: the epoch means of the other seeds that ship. Diamonds: the published means "
        "of the first and of the last epoch."
    )


def _epochs(run: Run) -> np.ndarray:
    losses = run.metrics()["epoch_loss"]
    return losses[np.isfinite(losses)]


def _samples(own: Run | None) -> None:
    st.subheader("What it writes after every epoch", anchor=False)
    if own is None:
        st.caption(
            "Run it above: after every epoch it writes 200 characters, each drawn and fed back, "
            "and they appear here. Our own runs ship without those samples that quote the text, "
            "which in the end is nearly all of them."
        )
        return
    training_samples.samples(own)


def _unseen() -> None:
    st.subheader("And on text it never saw?", anchor=False)
    found = lab_page.trained(EXPERIMENT, KEY)
    if found is None:
        st.caption("This needs a trained network: run it above.")
        return
    own_text = st.text_area(
        "A text of your own",
        key="heart_own",
        max_chars=MAX_NEW_TEXT_CHARACTERS,
        height=90,
        placeholder="Anything in English, two characters or more; or leave it empty.",
        help="Read together with the other texts. Characters that the network never saw are "
        "skipped and counted.",
    )
    if st.button(
        "Read texts it never saw",
        key="heart_read_button",
        icon=":material/menu_book:",
        help="Measures the loss on what it learned and on other texts, up to "
        f"{MAX_NEW_TEXT_CHARACTERS:,} characters of each.",
    ):
        st.session_state[_ASKED] = True
    if st.session_state.get(_ASKED):
        _table(found, own_text)


def _table(found: Network, own_text: str) -> None:
    lines = []
    for title, text in (*_texts(), ("your text", own_text)):
        if not text:
            continue
        with problems():
            lines.append(_line(title, _reading(found.key, text)))
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    if lines:
        how_to_read(_explained(lines))


def _explained(lines: list[dict[str, str]]) -> str:
    """How to read the table, with what it shows."""
    said = (
        f"Loss in nats per character. Guessing blindly loses {lines[0]['Guessing']}. A network "
        "that had learned English would lose about as much on other texts as on its own."
    )
    unseen = [line for line in lines if line["Text"] != _OWN_TEXT]
    if all(float(line["Loss"]) > float(line["Guessing"]) for line in unseen):
        said += (
            " This one does worse than blind guessing on every text it never saw: it is sure of "
            "what it knows by heart."
        )
    return said


def _texts() -> list[tuple[str, str]]:
    found = []
    if is_here(EXPERIMENT.config.corpus):
        text = corpora.corpus(EXPERIMENT.config.corpus).text
        found.append((_OWN_TEXT, text[:MAX_NEW_TEXT_CHARACTERS]))
        found.append(
            ("the same play, further on", text[_LEARNED : _LEARNED + MAX_NEW_TEXT_CHARACTERS])
        )
    found.append(("our own play", corpora.corpus("play").text[:MAX_NEW_TEXT_CHARACTERS]))
    return found


@lru_cache(maxsize=16)
def _reading(key: NetworkKey, text: str) -> NewTextScore:
    found = load(key)
    return score_new_text(found.model, found.vocabulary, text)


def _line(title: str, reading: NewTextScore) -> dict[str, str]:
    signs = " ".join(visible(sign) for sign in reading.unknown[:_SIGNS])
    more = " …" if len(reading.unknown) > _SIGNS else ""
    return {
        "Text": title,
        "Loss": f"{reading.loss:.3f}",
        "Foreseen": f"{reading.accuracy:.0%}",
        "Guessing": f"{reading.uniform:.3f}",
        "Characters": f"{reading.characters:,}",
        "Skipped": f"{reading.skipped:,}",
        "Unknown to it": signs + more,
    }
