"""The page One cell, one step below the choice of run and text."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, one_step_equations, one_step_ledger, one_step_sums
from pages.components.colored_text import colored_text
from pages.components.networks import network
from pages.components.one_step_choice import Choice, choose, go_to
from pages.components.plain import problem
from pages.components.snapshot_picker import snapshot_picker
from pages.components.value_picker import row
from rnnlab.figures.scales import scale_for
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt


@st.fragment
def view(run: Run, part: Excerpt) -> None:
    """Draw everything that changes with a step; the page above is not run again."""
    controls = row()
    try:
        with controls:
            found = network(run, snapshot_picker(run))
            choice = choose(found, part)
    except (ValueError, OSError) as error:
        problem(error)
        return
    _text(choice)
    st.header("What is computed", anchor=False)
    one_step_equations.drawing(choice)
    one_step_equations.equations_and_source(choice)
    st.header("Where each number comes from", anchor=False)
    one_step_sums.sums(choice, found.vocabulary)
    st.header("Who wrote what is in the cell", anchor=False)
    one_step_ledger.draw(choice)


def _text(choice: Choice) -> None:
    reading = choice.reading
    values = reading.tape.trace(reading.state, reading.layer)[0][:, choice.unit]
    colored_text(
        reading.part.text,
        values,
        key="one_step_text",
        name=f"{reading.state} of unit {choice.unit}",
        scale=scale_for(reading.model.cell.VALUES[reading.state], values),
        start=reading.part.start,
        selected=choice.position,
        height=400,
        on_click=go_to,
    )
    frame.how_to_read(
        f"The color of a character is **{reading.state}** of the unit right after it was read; the "
        "framed one is being read now. **Click a character** to go there, or step with *Back* and "
        "*Next* (keys ← →)."
    )
