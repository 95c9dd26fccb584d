"""The page Surgery below the choice of run: one of its parts, the others are not computed."""

from __future__ import annotations

import streamlit as st

from pages.components import (
    surgery_cost,
    surgery_edit,
    surgery_ranking,
    surgery_reading,
    surgery_write,
)
from pages.components.bound import one_of
from pages.components.networks import Network, network
from pages.components.plain import problem
from pages.components.snapshot_picker import snapshot_picker
from pages.components.surgery_choice import (
    EDIT,
    PART,
    PARTS,
    RANKING,
    WRITE,
    choose_changes,
    choose_units,
)
from rnnlab.runs.run import Run


@st.fragment
def view(run: Run) -> None:
    """Draw the controls and the chosen part."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        part = _part()
        snapshot = snapshot_picker(run)
    try:
        _draw(run, network(run, snapshot), part)
    except (ValueError, OSError) as error:
        problem(error)


def _part() -> str:
    return one_of(
        "What to do",
        PARTS,
        WRITE,
        key=PART,
        help="Write again: the same random numbers, with and without the change. What it costs: "
        "the loss on real text. Ranking: all units by what they are worth. Edit one character: how "
        "long one character is felt.",
    )


def _draw(run: Run, found: Network, part: str) -> None:
    if part == EDIT:
        surgery_edit.draw(run, found)
        return
    usual = surgery_reading.usual(run, found.key)
    units = choose_units(found, usual)
    if part == RANKING:
        surgery_ranking.draw(run, found, units, usual)
        return
    if not units.numbers:
        st.info("Choose at least one unit.", icon=":material/touch_app:")
        return
    changes = choose_changes(units, usual[units.name, units.layer])
    draw = surgery_write.draw if part == WRITE else surgery_cost.draw
    draw(run, found, units, changes)
