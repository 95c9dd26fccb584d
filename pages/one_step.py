"""One cell, one step: a single unit of a network, computed in front of the reader."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, one_step_view, text_choice
from pages.components.plain import problem
from pages.components.trained_run import trained_run

frame.begin(
    "One cell, one step",
    "Choose a unit and a character: here are the equations of this cell with **this step's real "
    "numbers** in them, where each number comes from, and who wrote what the unit remembers.",
)

run = trained_run()
if run is not None:
    try:
        part = text_choice.choose(
            run,
            run.vocabulary(),
            st.columns([2, 1], gap="large"),
            key="one_step",
            first=text_choice.UNSEEN,
            lengths=(50, 100, 200, 300),
            usual=200,
        )
    except (ValueError, OSError) as error:
        problem(error)
    else:
        if part is not None:
            one_step_view.view(run, part)
