"""Which units are changed, and how; the choice stands in the address."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.components.browser.plot import plot
from pages.components.layout import how_to_read
from pages.components.links import COST, HOLD_AT_MEAN, SURGERY_OPERATION, SURGERY_UNITS
from pages.components.networks import Network
from pages.components.pickers.address import one_of, put
from pages.components.pickers.values import layer_and_value
from rnnlab.figures.scales import rounded_up
from rnnlab.figures.surgery import range_chart
from rnnlab.inspection.interventions.clamping import Usual
from rnnlab.network.clamps import Change, Clamp, Offset

WRITE, RANKING, EDIT = "Write again", "Ranking", "Edit one character"
PARTS = (WRITE, COST, RANKING, EDIT)
TO, BY = "surgery_to", "surgery_by"  # in the URL, with those of `links`
LOW, MEAN, HIGH, HOLD, ADD = "Hold low", HOLD_AT_MEAN, "Hold high", "Hold at", "Add"
OPERATIONS = (LOW, MEAN, HIGH, HOLD, ADD)
_CHOSEN = "surgery_units"  # outlives the list, which some parts of the page do not draw
_MAX_UNITS = 8  # units at once
_NARROWEST = 1e-3  # of the slider, for units that never move


@dataclass(frozen=True)
class Units:
    """One state of one layer, and which of its units are changed."""

    name: str  # "h" or "c"
    layer: int  # from 0
    numbers: tuple[int, ...]

    def words(self) -> str:
        """'h of units 3 and 17 of layer 1'."""
        listed = " and ".join(
            filter(None, (", ".join(map(str, self.numbers[:-1])), f"{self.numbers[-1]}"))
        )
        return f"{self.name} of unit{'s'[: len(self.numbers) > 1]} {listed}"


def choose_units(network: Network, usual: dict[tuple[str, int], Usual]) -> Units:
    """Draw the controls for the units; at first the one that ranges farthest."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer, name = layer_and_value(network.model, network.model.cell.states)
        here = usual[name, layer]
        units = list(range(network.model.architecture.hidden_size))
        _begin(units, int(np.argmax(here.high - here.low)))
        chosen = st.multiselect(
            "Units",
            units,
            key=SURGERY_UNITS,
            bind="query-params",
            max_selections=_MAX_UNITS,
            placeholder="choose a unit",
            width=420,
            help=f"The units that are changed together, at most {_MAX_UNITS}. At first the one "
            "that ranges farthest on real text; the ranking finds those that matter.",
        )
    st.session_state[_CHOSEN] = chosen
    return Units(name, layer, tuple(sorted(chosen)))


def _begin(units: list[int], widest: int) -> None:
    """See that the session names units of this network before the list is drawn: those chosen
    already, else those of the address, else those that were chosen before another part."""
    said = st.session_state.get(SURGERY_UNITS)
    if isinstance(said, list):
        st.session_state[SURGERY_UNITS] = [unit for unit in said if unit in units][:_MAX_UNITS]
        return
    asked = [
        int(unit) for unit in st.query_params.get_all(SURGERY_UNITS) if unit in map(str, units)
    ]
    kept = [unit for unit in st.session_state.get(_CHOSEN, []) if unit in units]
    st.session_state[SURGERY_UNITS] = asked[:_MAX_UNITS] or kept or [widest]


def choose_unit(unit: int) -> None:
    """Choose one unit, from a callback."""
    st.session_state[SURGERY_UNITS] = [unit]


def choose_changes(units: Units, usual: Usual) -> tuple[Change, ...]:
    """Draw what is done to the units, above where they usually lie."""
    done = _operation()
    if done not in (HOLD, ADD):
        changes = _own_values(done, units, usual)
        _ranges(units, usual, changes)
        return changes
    left, right = st.columns([2, 3], gap="large")
    with left:
        changes = _one_value(done, units, usual)
    with right:
        _ranges(units, usual, changes)
    return changes


def _ranges(units: Units, usual: Usual, changes: tuple[Change, ...]) -> None:
    """Where the units lie on real text, and where they are held."""
    targets = {change.unit: change.value for change in changes if isinstance(change, Clamp)}
    plot(
        range_chart(usual, units.numbers, targets, units.name),
        key="surgery_range",
        height=124 + 26 * len(units.numbers),
        alt="Where each chosen unit lies on real text, and where it is held.",
    )
    held = "; diamond: where it is held at every step" if targets else ""
    how_to_read(f"Bar: where the unit is in 98 % of real text; dot: its mean{held}.")


def _operation() -> str:
    return one_of(
        "What is done to them",
        OPERATIONS,
        MEAN,
        key=SURGERY_OPERATION,
        help="At every step, while it reads the seed text and while it writes. Low and high: each "
        "unit at its own 1st or 99th percentile on real text. Mean: what it says is silenced. "
        "Hold at: one value for all. Add: the same amount is added to what it is.",
        persist_state="session",
    )


def _own_values(done: str, units: Units, usual: Usual) -> tuple[Change, ...]:
    """Each unit held at a value of its own."""
    values = {LOW: usual.low, MEAN: usual.mean, HIGH: usual.high}[done]
    return tuple(
        Clamp(units.layer, units.name, unit, float(values[unit])) for unit in units.numbers
    )


def _one_value(done: str, units: Units, usual: Usual) -> tuple[Change, ...]:
    """All units held at one value, or moved by one, from a slider."""
    chosen = list(units.numbers)
    farthest = np.abs([usual.low[chosen], usual.high[chosen]]).max()
    reach = rounded_up(float(max(farthest, _NARROWEST)))
    value = _value(TO if done == HOLD else BY, 1.5 * reach)
    kind = Clamp if done == HOLD else Offset
    return tuple(kind(units.layer, units.name, unit, value) for unit in units.numbers)


def _value(key: str, limit: float) -> float:
    start = st.session_state.get(key)
    if start is not None and not -limit <= start <= limit:
        put(key, float(np.clip(start, -limit, limit)))
    labels = {TO: "Hold at", BY: "Add"}
    helps = {
        TO: "The value at every step. Beyond the percentiles the network is where it never was.",
        BY: "Added at every step. In c of an LSTM the amounts add up, as far as it does not "
        "forget.",
    }
    return st.slider(
        labels[key],
        -limit,
        limit,
        None if key in st.session_state else 0.0,
        step=limit / 150,
        key=key,
        bind="query-params",
        format="%.3f",
        help=helps[key],
    )
