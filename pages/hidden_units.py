"""Hidden units: what each of them does while the network reads a text."""

from __future__ import annotations

import time

import streamlit as st

from pages.components import frame, units
from pages.components.layout import problems, two_columns
from pages.components.networks import Network, network
from pages.components.pickers import text as text_picker
from pages.components.pickers.run import trained_run
from pages.components.pickers.snapshot import snapshot_picker
from pages.components.pickers.values import ValueChoice, row, value_picker
from pages.components.readings import TraceKey, trace
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt

_HEAD_START = 0.05  # seconds in which a browser paints the text before it draws the figures


@st.fragment
def view(run: Run, part: Excerpt) -> None:
    """Draw everything that changes with a click on a unit; the page above is not run again."""
    controls = row()
    with controls:
        snapshot = snapshot_picker(run)
    with problems():
        found = network(run, snapshot)
        with controls:
            choice = value_picker(found.model)
        key = TraceKey(found.key, part, choice.name, choice.layer)
        trace(key)
        _figures(run, found, key, choice)


def _figures(run: Run, found: Network, key: TraceKey, choice: ValueChoice) -> None:
    units.heatmap(key, choice)
    unit = units.choose_unit(key)
    left, right = two_columns()
    with left:
        units.text_of_unit(key, unit)
    time.sleep(_HEAD_START)
    with right:
        units.lines(key, unit)
    left, right = two_columns()
    with right:
        units.state_map(key)
    with left:
        units.most_active(run, found, key, unit)
    units.earlier_and_later(run, key, unit)


frame.begin(
    "Hidden units",
    "Watch a network while it reads. Each hidden unit is one number that changes with every "
    "character; some of them turn out to mean something.",
)

run = trained_run()
if run is not None:
    with problems():
        part = text_picker.choose(run, run.vocabulary(), st.columns([2, 1], gap="large"))
        if part is not None:
            view(run, part)
