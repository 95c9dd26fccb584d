"""One cell, one step: a single unit of a network, computed in front of the reader."""

from __future__ import annotations

import streamlit as st

from pages.components import frame
from pages.components.browser.colored_text import colored_text
from pages.components.layout import how_to_read, problems
from pages.components.networks import network
from pages.components.one_step import equations, ledger, sums
from pages.components.one_step.choice import StepChoice, choose, go_to_character
from pages.components.pickers import text as text_picker
from pages.components.pickers.run import trained_run
from pages.components.pickers.snapshot import snapshot_picker
from pages.components.pickers.values import row
from rnnlab.figures.scales import scale_for
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt


@st.fragment
def view(run: Run, part: Excerpt) -> None:
    """Draw everything that changes with a step; the page above is not run again."""
    controls = row()
    with problems():
        with controls:
            found = network(run, snapshot_picker(run))
            choice = choose(found, part)
        _text(choice)
        st.header("What is computed", anchor=False)
        equations.drawing(choice)
        equations.equations_and_source(choice)
        st.header("Where each number comes from", anchor=False)
        sums.sums(choice, found.vocabulary)
        st.header("Who wrote what is in the cell", anchor=False)
        ledger.draw(choice)


def _text(choice: StepChoice) -> None:
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
        on_click=go_to_character,
    )
    how_to_read(
        f"The color of a character is **{reading.state}** of the unit right after it was read; the "
        "framed one is being read now. **Click a character** to go there, or step with *Back* and "
        "*Next* (keys ← →)."
    )


frame.begin(
    "One cell, one step",
    "Choose a unit and a character: here are the equations of this cell with **this step's real "
    "numbers** in them, where each number comes from, and who wrote what the unit remembers.",
)

run = trained_run()
if run is not None:
    with problems():
        part = text_picker.choose(
            run,
            run.vocabulary(),
            st.columns([2, 1], gap="large"),
            key="one_step",
            first=text_picker.UNSEEN,
            lengths=(50, 100, 200, 300),
            usual=200,
        )
        if part is not None:
            view(run, part)
