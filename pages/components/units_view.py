"""The page Hidden units below the choice of run and text: every figure of what the units do."""

from __future__ import annotations

import time

import streamlit as st

from pages.components import units_figures
from pages.components.beside import beside
from pages.components.networks import Network, network
from pages.components.plain import problem
from pages.components.snapshot_picker import snapshot_picker
from pages.components.units_reading import Question, trace
from pages.components.value_picker import ValueChoice, row, value_picker
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt

_HEAD_START = 0.05  # seconds in which a browser paints the text before it draws the figures


@st.fragment
def view(run: Run, part: Excerpt) -> None:
    """Draw everything that changes with a click on a unit; the page above is not run again."""
    controls = row()
    with controls:
        snapshot = snapshot_picker(run)
    try:
        found = network(run, snapshot)
        with controls:
            choice = value_picker(found.model)
        question = Question(found.key, part, choice.name, choice.layer)
        trace(question)
    except (ValueError, OSError) as error:
        problem(error)
        return
    _figures(run, found, question, choice)


def _figures(run: Run, found: Network, question: Question, choice: ValueChoice) -> None:
    units_figures.heatmap(question, choice)
    unit = units_figures.choose_unit(question)
    left, right = beside()
    with left:
        units_figures.text_of_unit(question, unit)
    time.sleep(_HEAD_START)
    with right:
        units_figures.lines(question, unit)
    left, right = beside()
    with right:
        units_figures.state_map(question)
    with left:
        units_figures.most_active(run, found, question, unit)
    units_figures.earlier_and_later(run, question, unit)
