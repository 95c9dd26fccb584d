"""The figures of the page Hidden units, each with the sentence that says how to read it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components import readings
from pages.components.browser.colored_text import colored_text
from pages.components.browser.passages import passages
from pages.components.browser.plot import Click, plot
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.links import UNIT, UNIT_OF
from pages.components.networks import Network, load
from pages.components.pickers.address import is_chosen, put, whole_number
from pages.components.pickers.snapshot import KEY as SNAPSHOT
from pages.components.pickers.text import source_of
from pages.components.pickers.values import ValueChoice
from pages.components.readings import TraceKey
from rnnlab.figures.units import path_map, unit_history, unit_lines, units_heatmap
from rnnlab.inspection.snapshots import spread_steps
from rnnlab.runs.run import Run

_OTHERS, _FIRST_ROW, _LOWEST = "units_others", "units_first_row", "units_lowest"
_MAX_OTHERS = 7
_MAX_SNAPSHOTS = 16  # of training, in the figure of one unit


def heatmap(key: TraceKey, choice: ValueChoice) -> None:
    """All units over the text; a click chooses a unit."""
    trace, scale = readings.trace(key), readings.scale(key)
    order = readings.order(key, choice.order)
    first = _first_row(len(order), choice.count)
    plot(
        units_heatmap(
            trace,
            key.part.text,
            name=key.name,
            scale=scale,
            order=order[first : first + choice.count],
            start=key.part.start,
        ),
        key="units_heatmap",
        height=480,
        alt=f"Heatmap of {key.name} of the hidden units at every character of the text.",
        on_click=_choose,
    )
    meaning = load(key.network).model.cell.VALUES[key.name].meaning
    how_to_read(
        f"Each row is a unit, each column a character; color is **{key.name}** "
        f"{scale.words}. {meaning} Point at a cell for its value, drag to zoom, **click a row to "
        "look at that unit** below."
    )


def _first_row(units: int, count: int) -> int:
    """Where the shown units begin in the order, when there are more than fit."""
    if units <= count:
        return 0
    starts = list(range(0, units, count))
    if st.session_state.get(_FIRST_ROW) not in starts:
        st.session_state[_FIRST_ROW] = 0
    chosen = st.segmented_control(
        "Units in this order",
        starts,
        format_func=lambda start: f"rows {start + 1}–{min(start + count, units)}",
        required=True,
        key=_FIRST_ROW,
        label_visibility="collapsed",
        help=f"The layer has {units:,} units; the heatmap shows {count} of them at once.",
    )
    return chosen or 0


def _choose(click: Click) -> None:
    if click.row >= 0:
        st.session_state[UNIT] = int(click.y)


def choose_unit(key: TraceKey) -> int:
    """The unit that the figures below are about, at first the one that varies most."""
    by_variance = readings.order(key, "variance")
    liveliest, units = int(by_variance[0]), len(by_variance)
    if not _is_chosen(units, key.network.run_id):
        st.session_state[UNIT] = liveliest
    st.session_state[UNIT_OF] = key.network.run_id
    left, right = st.columns([1, 4], vertical_alignment="bottom", gap="medium")
    with left:
        unit = whole_number(
            "Unit",
            range(units),
            liveliest,
            key=UNIT,
            help="The hidden unit that the figures below are about; click a row of the heatmap to "
            "choose it, or type its number. Left empty, it is the one that varies most on this "
            "text.",
        )
    with right:
        _choose_others(units)
    return unit


def _is_chosen(units: int, run_id: str) -> bool:
    """Whether somebody chose one of the units of this run, here or in the address."""
    if UNIT in st.session_state and st.session_state.get(UNIT_OF) != run_id:
        return False
    return is_chosen(UNIT, range(units))


def _choose_others(units: int) -> None:
    kept = [unit for unit in st.session_state.get(_OTHERS, []) if unit < units]
    st.session_state[_OTHERS] = kept[:_MAX_OTHERS]
    st.multiselect(
        "Beside it",
        range(units),
        key=_OTHERS,
        max_selections=_MAX_OTHERS,
        format_func=lambda unit: f"unit {unit}",
        placeholder="add units to compare its line with",
        persist_state="session",
        help="Units whose lines are drawn beside that of the chosen one.",
    )


def text_of_unit(key: TraceKey, unit: int) -> None:
    """The text colored by a unit."""
    st.subheader(f"The text as unit {unit} sees it", anchor=False)
    values = readings.trace(key)[:, unit]
    colored_text(
        key.part.text,
        values,
        key="units_text_colored",
        name=f"{key.name} of unit {unit}",
        scale=readings.scale_of(key, values),
        start=key.part.start,
        height=300,
    )
    how_to_read(
        "The color of a character is the value right after the network has read it. Look for what "
        "the colored places share: inside a word, after a comma, in a name, at the end of a line."
    )


def lines(key: TraceKey, unit: int) -> None:
    """A unit over the text, beside the others that were chosen."""
    st.subheader("Over time", anchor=False)
    trace = readings.trace(key)
    shown = list(dict.fromkeys([unit, *st.session_state[_OTHERS]]))
    plot(
        unit_lines(
            {number: trace[:, number] for number in shown},
            key.part.text,
            name=key.name,
            scale=readings.scale_of(key, trace[:, shown]),
            start=key.part.start,
        ),
        key="units_lines",
        height=330,
        alt=f"Line of {key.name} of unit {unit} over the positions of the text.",
    )
    how_to_read(
        "A flat stretch is something the unit remembers, a jump something it notices; lines that "
        "move together carry the same news."
    )


def most_active(run: Run, network: Network, key: TraceKey, unit: int) -> None:
    """Where in the corpus a unit is highest or lowest."""
    source = source_of(run)
    title = "in the corpus" if source.is_corpus else "in what the run wrote"
    st.subheader(f"Where unit {unit} peaks {title}", anchor=False)
    lowest = _lowest()
    if not source.text:
        st.caption(escape_markdown(source.note))
        return
    with problems():
        sample = readings.corpus_activations(network.key, source, key.name, key.layer)
        if sentence := sample.without_peak(unit, lowest=lowest):
            st.caption(sentence)
            return
        found = sample.passages(unit, network.vocabulary, lowest=lowest, k=8, width=72)
        scale = readings.scale_of(key, np.concatenate([each.values for each in found]))
        passages(found, key="units_passages", name=f"{key.name} of unit {unit}", scale=scale)
        how_to_read(
            f"The passages with the {'lowest' if lowest else 'highest'} values among "
            f"{len(sample.ids):,} characters from all over the text, the strongest first; the "
            "framed character is the peak, the number its value."
        )


def _lowest() -> bool:
    return (
        st.segmented_control(
            "Which passages",
            ("highest", "lowest"),
            default="highest",
            required=True,
            key=_LOWEST,
            label_visibility="collapsed",
            help="Many units say as much by being low as by being high.",
        )
        == "lowest"
    )


def state_map(key: TraceKey) -> None:
    """The path of the layer through the text."""
    st.subheader("The path of the whole layer", anchor=False)
    found = readings.path(key)
    plot(
        path_map(found.path, found.shares, key.part.text, key.part.start),
        key="units_path",
        height=420,
        alt=f"Path of {key.name} of the layer in its two main directions.",
    )
    how_to_read(
        "All units at once, seen from the two directions in which they move most (principal "
        "components). Characters that lie together leave the network in a similar state; the gray "
        "line joins them in the order of the text; differences in other directions are not seen."
    )


def earlier_and_later(run: Run, key: TraceKey, unit: int) -> None:
    """The same unit on the same text through training."""
    steps = tuple(spread_steps(run.snapshots(), _MAX_SNAPSHOTS))
    if len(steps) < 2:
        return
    st.subheader(f"Unit {unit} through training", anchor=False)
    with problems():
        values = readings.history(key, steps)[:, :, unit]
        plot(
            unit_history(
                values,
                steps,
                key.part.text,
                name=key.name,
                scale=readings.scale_of(key, values),
                start=key.part.start,
            ),
            key="units_history",
            height=120 + 18 * len(steps),
            alt=f"Heatmap of {key.name} of unit {unit} at {len(steps)} moments of training.",
            on_click=_go_to_snapshot,
        )
        how_to_read(
            "The same unit reading the same text, from before training (top) to its end. A unit "
            "finds its job where its stripes settle. Click a row to see all units at that moment."
        )


def _go_to_snapshot(click: Click) -> None:
    if click.row >= 0:
        put(SNAPSHOT, str(click.y))
