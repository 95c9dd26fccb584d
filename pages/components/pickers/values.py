"""Which hidden values to look at: the layer, the state or gate, how many units, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.pickers.address import one_of
from rnnlab.figures.units import MAX_UNITS
from rnnlab.inspection.units.ordering import ORDERS
from rnnlab.network.char_rnn import CharRNN

LAYER, VALUE, ORDER, COUNT = "layer", "value", "units_order", "units_count"
_COUNTS = (16, 32, 64, 128, MAX_UNITS)
_USUAL = 64
_MAX_COMPARED_UNITS = 512  # comparing all pairs of more units takes longer than a click may


@dataclass(frozen=True)
class ValueChoice:
    """One named value of one layer, and which of its units."""

    name: str  # "h", "c" or a gate
    layer: int  # from 0
    order: str  # one of ORDERS
    count: int  # units shown at once


def row() -> DeltaGenerator:
    """Where to draw the controls: side by side, and in a second line where the first is full."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="medium")


def value_picker(model: CharRNN) -> ValueChoice:
    """Draw the controls, in a `row`; what they say is shared by the pages that look inside."""
    layer, name = layer_and_value(model)
    order, count = _order(model.architecture.hidden_size), _count(model.architecture.hidden_size)
    return ValueChoice(name, layer, order, count)


def layer_and_value(model: CharRNN, names: Sequence[str] | None = None) -> tuple[int, str]:
    """Draw the first two of the controls, in a `row`: the layer, from 0, and the value.

    Args:
        names: the values to choose from, such as `model.cell.states`; None for all of the cell.
    """
    return choose_layer(model), choose_value(model, names)


def choose_layer(model: CharRNN) -> int:
    """Draw the choice of a layer, counted from 0."""
    layers = list(range(model.architecture.num_layers))
    top = layers[-1]
    return one_of(
        "Layer",
        layers,
        top,
        key=LAYER,
        help="Layer 1 reads the characters; each further one reads the layer below; the top one "
        "predicts.",
        format_func=lambda layer: f"{layer + 1}",
    )


def choose_value(model: CharRNN, names: Sequence[str] | None = None) -> str:
    """Draw the choice of a state or gate, among `names` or all of the cell's."""
    names = tuple(names or model.cell.VALUES)
    meanings = "\n".join(f"- **{name}**: {model.cell.VALUES[name].meaning}" for name in names)
    return one_of(
        "Value",
        names,
        key=VALUE,
        help=f"What to look at inside each unit of this {model.cell.title}:\n{meanings}",
    )


def _order(hidden_size: int) -> str:
    options = [by for by in ORDERS if by != "similarity" or hidden_size <= _MAX_COMPARED_UNITS]
    chosen = st.selectbox(
        "Order of units",
        options,
        index=_index(ORDER, options, options[-1]),
        format_func=str.capitalize,
        key=ORDER,
        width=160,
        persist_state="session",
        help="Index: as they are numbered. Variance: those that move most come first. Similarity: "
        f"units that rise and fall together side by side (up to {_MAX_COMPARED_UNITS} units).",
    )
    return chosen if chosen in options else options[0]


def _count(hidden_size: int) -> int:
    most = min(hidden_size, MAX_UNITS)
    options = sorted({*(count for count in _COUNTS if count < most), most})
    chosen = st.selectbox(
        "Units at once",
        options,
        index=_index(COUNT, options, min(_USUAL, most)),
        key=COUNT,
        width=140,
        persist_state="session",
        help=f"How many of the {hidden_size:,} units of the layer to draw, at most {MAX_UNITS}.",
    )
    return min(max(int(chosen), 1), most)


def _index(key: str, options: list, usual: object) -> int:
    """Where a list stands: where the session says, or at the usual option.

    Told with every message, unlike a value that is put into the session: of a page whose run is
    cut short, the browser may never hear that one, and then it answers with the first option.
    """
    value = st.session_state.get(key, usual)
    if value not in options:
        del st.session_state[key]  # it is there, but of another network
        value = usual
    return options.index(value)
