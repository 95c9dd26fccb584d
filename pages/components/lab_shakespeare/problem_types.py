"""The forms that problems with sequences take, each with its diagram and a network that runs."""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st

from pages.components.browser.plot import plot
from pages.components.labs import page as lab_page
from pages.components.labs import runner as lab_runner
from pages.components.layout import how_to_read, problems
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.shakespeare import TEACHING
from rnnlab.figures.labs.shakespeare import form_of, unrolled_form
from rnnlab.network.kinds.encoder_decoder import EncoderDecoder

FORMS = {
    "One to one": "form-one-to-one",
    "One to many": "surname",
    "Many to one": "language-one-way",
    "Many to many, in step": "form-in-step",
    "Many to many, encoder and decoder": "reversal-forced",
    "Bidirectional": "language-both-ways",
    "Deep": "form-deep",
}
_MAX_CHARACTERS = 30


def draw() -> None:
    """The whole part."""
    st.markdown(
        "What a network with a state is good for depends on when it reads and when it is asked. "
        "Choose a form: the diagram is drawn from the settings of the run below it."
    )
    chosen = st.selectbox(
        "Form of the problem",
        list(FORMS),
        key="form_chosen",
        persist_state="session",
        help="Each is a small network that runs in less than a minute in its quick version.",
    )
    experiment = EXPERIMENTS[FORMS[chosen]]
    _diagram(FORMS[chosen])
    lab_runner.runner(experiment, key=f"form_{experiment.name}")
    _teacher_forcing()


def _diagram(name: str) -> None:
    form = form_of(EXPERIMENTS[name].config)
    rows = form.layers * (2 if form.bidirectional else 1) + 2
    plot(unrolled_form(form), key="form_diagram", height=90 + 60 * rows, alt=form.name)
    how_to_read(
        "Time goes from left to right. Grey: what is read; blue: the layers; green: what is asked "
        "for, and only there is a loss. Arrows between steps carry the state, to the left where it "
        "is read backwards; where there is none, nothing is remembered. An encoder hands its last "
        "state over to the decoder and nothing else."
    )


def _teacher_forcing() -> None:
    st.subheader("Teacher forcing: whose symbols does the decoder read?", anchor=False)
    st.markdown(
        "A decoder needs the symbol before the one it has to write. While it learns, it can be "
        "given the true one (teacher forcing), or the one that it wrote itself, or now this and "
        "now that. When it is used there is no teacher: it **runs free**. So the loss that counts "
        "is that of the free-running network, measured on strings that are provably not in the "
        "training part: which side a string is on is decided by a hash of its letters."
    )
    chosen = st.segmented_control(
        "Teacher forcing",
        [experiment.name for experiment in TEACHING],
        format_func=lambda name: f"{EXPERIMENTS[name].config.teacher_forcing:.0%}",
        key="form_forcing",
        default=TEACHING[0].name,
        required=True,
        help="How often the decoder is given the true symbol while it learns: always, half of the "
        "time at random, never.",
    )
    plot(
        unrolled_form(form_of(EXPERIMENTS[chosen].config)),
        key="forcing_diagram",
        height=270,
        alt="Encoder and decoder, with what is fed back",
    )
    lab_runner.runner(EXPERIMENTS[chosen], key=f"forcing_{chosen}")
    lab_page.brief(TEACHING)
    _try_out(chosen)


def _try_out(name: str) -> None:
    """A string of the user's, written backwards by a trained network."""
    found = lab_page.trained(EXPERIMENTS[name], f"forcing_{name}")
    if found is None:
        st.caption("With a trained network, a string of your own is written backwards here.")
        return
    text = st.text_input(
        "Write this backwards",
        "badcafe",
        key="form_backwards",
        max_chars=_MAX_CHARACTERS,
        help="Letters from a to j. It learned from four to eight of them: try longer ones, too.",
    )
    if not text:
        return
    with problems():
        source = found.vocabulary.encode(text)
        # The cache keeps the networks of every task; that of a reversal is of this kind.
        ids, logits = cast(EncoderDecoder, found.model).write(source[None], len(text) + 1)
        written = found.vocabulary.decode(ids[0]).replace("\n", "↵")
        st.code(f"{text} → {written}", language=None)
        is_right = written == f"{text[::-1]}↵"
        sure = float(np.exp(logits[0] - logits[0].max(-1, keepdims=True)).sum(-1).max())
        st.caption(
            f"{'Without a mistake' if is_right else 'Not right'}; where it was least sure, it gave "
            f"its choice {1 / sure:.0%}. The sign ↵ says that it ended by itself."
        )
