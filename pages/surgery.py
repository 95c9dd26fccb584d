"""Surgery: units held or moved, one character exchanged, and what that changes."""

from __future__ import annotations

import streamlit as st

from pages.components import frame
from pages.components.layout import problems
from pages.components.links import SURGERY_PART
from pages.components.networks import Network, network
from pages.components.pickers.address import one_of
from pages.components.pickers.run import trained_run
from pages.components.pickers.snapshot import snapshot_picker
from pages.components.surgery import cost, edit, ranking, reading, write
from pages.components.surgery.choices import (
    EDIT,
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
    with problems():
        _draw(run, network(run, snapshot), part)


def _part() -> str:
    return one_of(
        "What to do",
        PARTS,
        WRITE,
        key=SURGERY_PART,
        help="Write again: the same random numbers, with and without the change. What it costs: "
        "the loss on real text. Ranking: all units by what they are worth. Edit one character: how "
        "long one character is felt.",
    )


def _draw(run: Run, found: Network, part: str) -> None:
    if part == EDIT:
        edit.draw(run, found)
        return
    usual = reading.usual(run, found.key)
    units = choose_units(found, usual)
    if part == RANKING:
        ranking.draw(run, found, units, usual)
        return
    if not units.numbers:
        st.info("Choose at least one unit.", icon=":material/touch_app:")
        return
    changes = choose_changes(units, usual[units.name, units.layer])
    draw = write.draw if part == WRITE else cost.draw
    draw(run, found, units, changes)


frame.begin(
    "Surgery",
    "Looking at a unit shows what it goes along with. To find out what it *does*, take hold of it: "
    "keep it at a value, let the network write again with the same random numbers, and measure "
    "what that costs.",
)

run = trained_run()
if run is not None:
    view(run)
