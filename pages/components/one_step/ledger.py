"""The ledger of a unit: which earlier character wrote what it holds now, and for how long."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.browser.colored_text import colored_text
from pages.components.browser.plot import Click, plot
from pages.components.layout import definition, how_to_read, two_columns
from pages.components.one_step.choice import StepChoice, go_to_character, look_at
from pages.components.one_step.reading import scales
from rnnlab.figures.one_step import in_words, ledger_formula, order_of, time_scales_chart
from rnnlab.figures.scales import Scale, rounded_up
from rnnlab.inspection.one_step import MemoryAttribution, memory_attribution
from rnnlab.network.cells import Cell
from rnnlab.text.visible import visible

_MAX_ENTRIES = 8  # entries in the table
_CONTEXT = 14  # characters before one, in the table


def draw(choice: StepChoice) -> None:
    """The ledger with its sum, and the time-scales of the layer; a word where there is none."""
    reading = choice.reading
    if reading.model.cell.carried is None:
        _none(reading.model.cell.title)
        return
    found = memory_attribution(reading.cell, reading.tape, reading.layer, choice.unit, choice.t)
    _sum(choice, found)
    _entries(choice, found)
    _time_scales(choice)
    _definition(reading.model.cell)


def _none(title: str) -> None:
    st.info(
        f"There is no such ledger for a {title}: at every step all of its state goes through the "
        "matrix and the nonlinearity again, so what a character left behind is bent together with "
        "everything else and cannot be told apart. An LSTM and a GRU add to their state instead, "
        "and sums can be taken apart: choose such a run.",
        icon=":material/receipt_long:",
    )


def _sum(choice: StepChoice, found: MemoryAttribution) -> None:
    name, read = found.name, choice.t + 1
    own = found.entries.sum()
    with st.container(horizontal=True, gap="large"):
        st.metric(
            f"{name} now",
            _precise(found.state),
            help="What the network itself computed, after the framed character.",
        )
        st.metric(
            "Sum of the ledger",
            _precise(found.total),
            help="All entries together with what was there before: it must be the same number.",
        )
        st.metric(
            f"Written by these {read:,} characters",
            _precise(own),
            help="From the first character of the text above to the framed one.",
        )
        st.metric(
            "From before the text",
            _precise(found.start),
            help=f"The state before the first character was {found.before:.3f}, and "
            f"{found.kept_before:.2%} of it is still there.",
        )


def _precise(value: float) -> str:
    return f"{value:.6f}".replace("-", "−")


def _entries(choice: StepChoice, found: MemoryAttribution) -> None:
    part, entries = choice.reading.part, found.entries
    limit = rounded_up(float(np.abs(entries).max()))
    left, right = two_columns()
    with left:
        colored_text(
            part.text[: choice.t + 1],
            entries,
            key="one_step_entries",
            name=f"share of {found.name} now",
            scale=Scale("diverging", -limit, limit),
            start=part.start,
            selected=choice.position,
            notes=_notes(found),
            height=330,
            on_click=go_to_character,
        )
        how_to_read(
            f"Color is what each character has in {found.name} **now**, up to the framed one: red "
            "pushes it up, blue down, pale was little or is forgotten."
        )
    with right:
        st.dataframe(
            _table(choice, found), hide_index=True, width="stretch", column_config=_COLUMNS
        )
        how_to_read(
            "The largest entries: what was written there, times the share of it that is kept up "
            "to now. All others are small, but there are many; only the whole sum is exact."
        )


def _notes(found: MemoryAttribution) -> list[str]:
    return [
        f"wrote {written:.3f}, of which {kept:.1%} is kept".replace("-", "−")
        for written, kept in zip(found.written, found.kept, strict=True)
    ]


_COLUMNS = {
    "Wrote": st.column_config.NumberColumn(
        format="%.3f", help="i · g when it was read; in a GRU (1 − z) · n."
    ),
    "Kept": st.column_config.NumberColumn(
        format="percent", help="The product of all forget gates since; in a GRU of z."
    ),
    "Now": st.column_config.NumberColumn(format="%.3f", help="Wrote · kept: its share of now."),
}


def _table(choice: StepChoice, found: MemoryAttribution) -> pd.DataFrame:
    part = choice.reading.part
    lines = [
        {
            "Character": visible(part.text[s]),
            "After": visible(part.with_before[: len(part.before) + s][-_CONTEXT:]),
            "Position": f"{part.start + s:,}",
            "Wrote": found.written[s],
            "Kept": found.kept[s],
            "Now": found.entries[s],
        }
        for s in found.largest(_MAX_ENTRIES)
    ]
    before = {
        "Character": "",
        "After": "all before the text",
        "Position": f"< {part.start:,}",
        "Wrote": found.before,
        "Kept": found.kept_before,
        "Now": found.start,
    }
    return pd.DataFrame([before, *lines])


def _time_scales(choice: StepChoice) -> None:
    found = scales(choice.reading)
    st.subheader(f"How long unit {choice.unit} holds on", anchor=False)
    order = order_of(found)

    def go(click: Click) -> None:
        if click.curve == 0:
            look_at(int(order[click.point]))

    plot(
        time_scales_chart(found, choice.unit, len(choice.reading.part.text)),
        key="one_step_scales",
        height=300,
        alt="Time-scales of all units of the layer, the longest first.",
        on_click=go,
    )
    gate = choice.reading.model.cell.carry_words
    how_to_read(
        f"One point a unit: after so many characters only 37 % of what was written is left, going "
        f"by its {gate} over this text. Unit {choice.unit}: **{in_words(found[choice.unit])}**. "
        "One wipe makes it short, however long the unit holds otherwise. **Click a point** to look "
        "at that unit."
    )


def _definition(cell: type[Cell]) -> None:
    definition(
        ledger_formula(cell),
        "The sum is exact: it follows from writing out the cell's own equation step after step. "
        "But it says who wrote, not why: **what was written, itself depends on earlier "
        "characters** through the hidden state of all units at that moment. A character that wrote "
        "nothing here may still have decided what a later one wrote. The time-scale is a mean "
        "of logarithms over this text: a unit that keeps everything and is wiped clean once has a "
        "short one. The text is read in double precision here, so numbers can differ from other "
        "pages by the rounding of single precision.",
        cell.sources,
    )
