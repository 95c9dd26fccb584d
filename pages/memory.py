"""Memory, measured: how many characters back a network makes use of."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import frame
from pages.components.browser.plot import plot
from pages.components.layout import definition, escape_markdown, how_to_read, show_error
from pages.components.memory.reading import ladder_losses, measured
from pages.components.networks import network
from pages.components.pickers import text as text_picker
from pages.components.pickers.run import pick_others, trained_run
from rnnlab.figures.ladder import memory_chart
from rnnlab.inspection.text_loss import (
    MAX_MEMORY_CHARACTERS,
    NEARLY_ALL,
    TARGETS,
    MemoryLength,
    needed,
)
from rnnlab.runs.run import Run
from rnnlab.runs.texts import SourceText

_MAX_BESIDE = 5  # runs, in one figure with the one that is looked at


def draw(run: Run) -> None:
    """The choice of runs, the figure, and what it shows."""
    runs = pick_others(
        run,
        page="memory",
        most=_MAX_BESIDE,
        placeholder="add runs on the same text",
        help="Other runs that learned from the same text, measured on the same characters.",
        fits=lambda each: each.config.corpus == run.config.corpus,
    )
    source = _text(run)
    if source is None:
        return
    found, problems = {}, []
    for name, each in runs.items():
        try:
            found[name] = measured(network(each, "best").key, source.text)
        except (ValueError, OSError) as error:
            problems.append(str(error))
    for sentence in dict.fromkeys(problems):  # once, where it holds for several runs
        show_error(sentence)
    if not found:
        return
    lengths = [each.config.seq_length for each in runs.values()]
    plot(
        memory_chart(found, ladder_losses(run, source), lengths),
        key="memory_chart",
        height=420,
        alt="Loss against the number of characters that each network may read",
    )
    how_to_read(
        "Lower is better. Each network starts from an empty state and reads k characters, and what "
        "it then expects is scored, on the same places for every k. Where a line becomes flat, "
        "characters further back no longer help: the ring marks that knee. Dotted: models that "
        "count which character followed the last k. Dashed, upright: the sequence length of "
        "training, through which gradients flowed back; a memory can be shorter or longer."
    )
    _table(runs, found)
    _definition()


def _text(run: Run) -> SourceText | None:
    """What the runs are measured on; None, with a sentence, while there is none."""
    own = st.toggle(
        "On my own text",
        key="memory_own",
        persist_state="session",
        help=f"Measure on a text that you type; it needs at least {needed() + 1} characters.",
    )
    if own:
        typed = text_picker.typed(run.vocabulary())
        return None if typed is None else SourceText(typed, "your text", "", is_corpus=True)
    source = text_picker.source_of(run, unseen=True)
    if not source.text:
        st.info(escape_markdown(source.note), icon=":material/hourglass_empty:")
        return None
    st.caption(escape_markdown(f"Measured on {TARGETS} characters. {source.note}"))
    return source


def _table(runs: dict[str, Run], found: dict[str, MemoryLength]) -> None:
    lines = [
        {
            "Run": name,
            "Remembers": _characters(memory.knee),
            "Sequence length": f"{runs[name].config.seq_length}",
            "Loss with 1 character": f"{memory.losses[0]:.3f}",
            f"With {MAX_MEMORY_CHARACTERS}": f"{memory.losses[-1]:.3f}",
        }
        for name, memory in found.items()
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    how_to_read(
        f"Remembers: from how many characters on {NEARLY_ALL:.0%} of all that the past is worth "
        "are there for good. Losses are nats per character."
    )


def _characters(knee: int | None) -> str:
    return "nothing" if knee is None else f"{knee} character{'s'[: knee != 1]}"


def _definition() -> None:
    definition(
        r"L(k) = -\frac1N \sum_t \ln p\,(y_t \mid x_{t-k+1} \dots x_t,\; h_0 = 0), \qquad "
        rf"k = 1 \dots {MAX_MEMORY_CHARACTERS},\quad N = {TARGETS}",
        "The state before the first of the k characters is zero. A network that learned with a "
        "state carried on has rarely seen an empty one, so part of the loss at small k is "
        "surprise at the emptiness, not lack of memory. The characters are few and of one place: "
        "compare lines of this figure with each other, and not with losses of other pages.",
    )


frame.begin(
    "Memory, measured",
    "How far back does a network remember? Let it read only the last character, the last two, the "
    "last four …, and see when more of the past no longer helps.",
)

run = trained_run()
if run is not None:
    draw(run)
