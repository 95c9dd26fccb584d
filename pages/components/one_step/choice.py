"""Which layer, unit and character the page One cell, one step looks at; all in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components.links import UNIT
from pages.components.networks import Network
from pages.components.one_step.reading import (
    StepReading,
    position_to_begin_with,
    unit_to_begin_with,
)
from pages.components.pickers.address import is_chosen, put, whole_number
from pages.components.pickers.values import LAYER, choose_layer
from rnnlab.inspection.one_step import CellStep, one_step
from rnnlab.text.excerpt import Excerpt

POSITION = "one_step_t"  # in the URL
_UNIT_OF = "one_step_unit_of"  # the run and the layer whose unit it is


@dataclass(frozen=True)
class StepChoice:
    """One unit at one character."""

    reading: StepReading
    unit: int
    position: int  # in the longer text

    @property
    def t(self) -> int:
        """The step, from the beginning of the excerpt."""
        return self.position - self.reading.part.start

    @property
    def step(self) -> CellStep:
        """What the unit computes there."""
        reading = self.reading
        return one_step(reading.model, reading.tape, reading.layer, self.unit, self.t)


def choose(network: Network, part: Excerpt) -> StepChoice:
    """Draw the controls, in a row.

    Raises:
        ValueError: the network cannot read the text, or its values are not finite.
    """
    reading = StepReading(network.key, part, choose_layer(network.model))
    unit = _unit(reading, network.model.architecture.hidden_size)
    return StepChoice(reading, unit, _position(reading))


def _unit(reading: StepReading, units: int) -> int:
    of = (reading.key.run_id, reading.layer)
    moved = st.session_state.get(_UNIT_OF, of) != of
    st.session_state[_UNIT_OF] = of
    return _number(
        "Unit",
        UNIT,
        range(units),
        unit_to_begin_with(reading),
        "The hidden unit to look at. At first, one that remembers long and is yet rewritten at a "
        "blow; left empty, that one again.",
        forget=moved,
    )


def _position(reading: StepReading) -> int:
    first, last = reading.part.start, reading.part.start + len(reading.part.text) - 1
    position = _number(
        "Character",
        POSITION,
        range(first, last + 1),
        position_to_begin_with(reading),
        "Position of the character that is being read, counted from the beginning of the whole "
        "text. At first, one where the unit of the beginning changes much; left empty, that again.",
    )
    _step_button("Back", "chevron_left", "Left", position, first)
    _step_button("Next", "chevron_right", "Right", position, last)
    return position


def _number(
    title: str,
    key: str,
    options: range,
    usual: int,
    help: str,
    *,
    forget: bool = False,
) -> int:
    """A whole number, the usual one until somebody chooses another; then it stands in the address.

    So a number that nobody chose follows the text and the layer, as a link without it does.
    """
    before = st.session_state.get(f"{key}_usual")
    if forget or not is_chosen(key, options) or _is_left(key, before):
        st.session_state[key] = usual
    st.session_state[f"{key}_usual"] = usual
    return whole_number(title, options, usual, key=key, help=help, width=150)


def _is_left(key: str, usual: int | None) -> bool:
    """Whether the number still is the one that the page had begun with."""
    return key in st.session_state and st.session_state[key] == usual


def _step_button(label: str, icon: str, shortcut: str, position: int, end: int) -> None:
    """One character on or back, to the end of what is shown."""
    by = 1 if label == "Next" else -1
    st.button(
        label,
        icon=f":material/{icon}:",
        icon_position="right" if by > 0 else "left",
        key=f"one_step_{label.lower()}",
        shortcut=shortcut,
        on_click=go_to_character,
        args=(position + by,),
        disabled=position == end,
        help="The next character." if by > 0 else "The character before.",
    )


def go_to_character(position: int) -> None:
    """Look at another character; from a callback."""
    st.session_state[POSITION] = position


def look_at(unit: int) -> None:
    """Look at another unit of the layer; from a callback."""
    st.session_state[UNIT] = unit


def look_one_step_back(choice: StepChoice, unit: int) -> None:
    """Look at a unit of the layer where it said what is heard now; from a callback."""
    look_at(unit)
    go_to_character(max(choice.position - 1, choice.reading.part.start))


def look_below(choice: StepChoice, unit: int) -> None:
    """Look at a unit of the layer below, at the same character; from a callback."""
    layer = choice.reading.layer - 1
    put(LAYER, layer)
    st.session_state[_UNIT_OF] = (choice.reading.key.run_id, layer)
    look_at(unit)
