"""How one page makes another one open on something: a unit, a text, a question.

A page that is linked to from another one keeps here the keys of its address and of the session
that the other one writes; what only it uses itself stands in its own folder.
"""

from __future__ import annotations

import streamlit as st

from pages.components.pickers import run as run_picker
from pages.components.pickers import text as text_picker
from pages.components.pickers import values as value_pickers
from pages.components.pickers.address import put
from rnnlab.inspection.units.search import Unit

UNIT = "unit"  # in the URL of every page about one unit
UNIT_OF = "units_unit_of"  # the run whose unit it is

SURGERY_PART, SURGERY_UNITS, SURGERY_OPERATION = "surgery_part", "units", "surgery_do"  # in the URL
COST = "What it costs"  # a part of the page Surgery
HOLD_AT_MEAN = "Hold at mean"  # an operation there


def open_in_hidden_units(unit: int | None, run_id: str) -> None:
    """Let the page Hidden units open on a unit of a run; None: on the one that varies most."""
    st.session_state[UNIT] = unit
    st.session_state[UNIT_OF] = run_id


def open_with_text(text: str, title: str) -> None:
    """Make a text the one that the page Hidden units reads next.

    Args:
        title: who wrote it.
    """
    st.session_state[text_picker.WRITTEN] = text[: text_picker.MAX_TYPED_CHARACTERS]
    st.session_state[text_picker.WRITTEN_BY] = title
    put(text_picker.SOURCE, text_picker.GENERATED)
    st.session_state[text_picker.AT] = 0


def surgery_address(run_id: str, unit: Unit) -> dict[str, str]:
    """What stands in the address of the page Surgery when it asks what holding a unit costs."""
    return {
        run_picker.RUN: run_id,
        SURGERY_PART: COST,
        value_pickers.LAYER: f"{unit.layer + 1}",
        value_pickers.VALUE: unit.value,
        SURGERY_UNITS: f"{unit.number}",
        SURGERY_OPERATION: HOLD_AT_MEAN,
    }
