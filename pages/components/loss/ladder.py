"""The losses of n-gram models beside that of a run, with what they mean and where they mislead."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.components import ladders
from pages.components.browser.plot import plot
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.networks import network
from pages.components.pickers import text as text_picker
from pages.components.pickers.address import one_of
from rnnlab.figures.ladder import as_good_as, rung_bars, rung_name
from rnnlab.figures.series import LOSS_UNITS, LossUnit, latest, loss_text
from rnnlab.inspection.text_loss import score_new_text
from rnnlab.runs.run import Run

_OWN = "own text"
_PARTS = {"validation": "val_loss", "test": "test_loss"}
_LOOK_EVERY = 0.5  # seconds, while n-grams are counted


@dataclass(frozen=True)
class _Measured:
    """The loss of a network and those of n-gram models on one text, in nats per character."""

    where: str
    loss: float | None
    rungs: tuple[float, ...]


def draw(run: Run) -> None:
    """The figure, the table and what the loss of the run is as good as."""
    ladder = ladders.ladder(run)
    if ladder is None and not ladders.can_be_counted(run):
        st.info(
            "The text this run learned from is not on this computer, so nothing can be counted on "
            "it. Fetch it on the Corpus page.",
            icon=":material/hourglass_empty:",
        )
        return
    if ladder is None:
        st.fragment(_wait, run_every=_LOOK_EVERY)(run)
        return
    parts = [name for name in _PARTS if getattr(ladder, name)]
    if ladders.can_be_counted(run):
        parts.append(_OWN)
    if not parts:
        st.info("This run has no validation or test part, so there is nothing to compare on.")
        return
    part, unit = _choices(parts)
    if part == _OWN:
        _on_own_text(run, unit)
        return
    loss = latest(run.metrics()[_PARTS[part]])
    _compare(_Measured(f"{part} part", loss, getattr(ladder, part)), unit)


def _on_own_text(run: Run, unit: LossUnit) -> None:
    with problems():
        text = text_picker.typed(run.vocabulary())
        if text is not None:
            _compare(_read(run, text), unit)
            st.caption("The network begins with an empty memory, which costs it the first lines.")


def _read(run: Run, text: str) -> _Measured:
    found = network(run, "best")
    reading = score_new_text(found.model, found.vocabulary, text)
    with st.spinner("Counting n-grams …"):
        models = ladders.models(run)
    return _Measured("own text", reading.loss, models.losses([found.vocabulary.encode(text)]))


def _wait(run: Run) -> None:
    st.info("The n-grams of this text are being counted …", icon=":material/hourglass_empty:")
    if ladders.ladder(run) is not None:
        st.rerun()
    time.sleep(0.01)  # lets the last messages leave


def _choices(parts: list[str]) -> tuple[str, LossUnit]:
    with st.container(horizontal=True, gap="large"):
        part = one_of(
            "Measured on the",
            parts,
            format_func=lambda name: name if name == _OWN else f"{name} part",
            key="loss_part",
            help="Texts differ in how hard they are: a loss may only be compared with n-grams that "
            "were measured on the same one.",
        )
        unit = one_of(
            "Loss in",
            list(LOSS_UNITS),
            "nats",
            key="loss_unit",
            help="Nats are natural logarithms. Bits: yes-no questions per character. Perplexity: "
            "among how many equally likely characters it is as good as guessing.",
        )
    return part, unit


def _compare(measured: _Measured, unit: LossUnit) -> None:
    rungs, loss = measured.rungs, measured.loss
    with st.container(horizontal=True, gap="large"):
        st.metric(
            f"Loss of the network, {measured.where}",
            loss_text(loss, unit),
            help=f"As measured last, in {LOSS_UNITS[unit]}.",
        )
        st.metric(
            "As good as",
            as_good_as(loss, rungs),
            help="Between two n-gram models, the share of the way from one to the next: 3.4 lies "
            "between the 3-gram and the 4-gram, at four tenths of the gain; > 5-gram is better "
            "than all of them.",
        )
    plot(
        rung_bars(rungs, loss, unit),
        key="loss_rungs",
        height=340,
        alt=f"Losses of n-gram models and of the network, {measured.where}",
    )
    how_to_read(
        "Each bar is a model that looks back on n − 1 characters, the line is the network; lower "
        "is better. Where bars rise again, contexts have become so long that most were never seen "
        "in training: counting cannot go on, a network that generalizes can."
    )
    st.caption(
        ":material/warning: Being as good as a 4-gram does not mean being one: a network may know "
        "less of the last three characters and more of what stands far back."
    )
    _table(rungs)


def _table(rungs: tuple[float, ...]) -> None:
    with st.expander("As a table", icon=":material/table:"):
        lines = [
            {
                "Model": rung_name(n),
                **{LOSS_UNITS[unit]: loss_text(nats, unit) for unit in LOSS_UNITS},
            }
            for n, nats in enumerate(rungs)
        ]
        st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")


def formula() -> None:
    """What is computed, and where it comes from."""
    st.markdown(
        "An n-gram model predicts a character $c$ from the $n - 1$ characters before it, its "
        "context. It trusts what it counted there as far as the context is known, and one "
        "character less for the rest:"
    )
    st.latex(
        r"P_n(c \mid \mathrm{ctx}) = \frac{N(\mathrm{ctx}, c) + T(\mathrm{ctx}) \cdot "
        r"P_{n-1}(c \mid \mathrm{ctx}')}{N(\mathrm{ctx}) + T(\mathrm{ctx})}, \qquad P_0 = \frac1V"
    )
    st.markdown(
        "$N$ counts in the training part, $T$ is the number of different characters that followed, "
        "$\\mathrm{ctx}'$ is the context without its oldest character, $V$ the number of "
        "characters. A context that was never seen leaves it to the shorter one. The loss is the "
        "mean of $-\\ln P_n$ over all characters of the other part."
    )
    st.caption(
        escape_markdown(
            "I. H. Witten & T. C. Bell, The zero-frequency problem: estimating the probabilities "
            "of novel events in adaptive text compression, IEEE Transactions on Information Theory "
            "37 (1991)"
        )
    )
