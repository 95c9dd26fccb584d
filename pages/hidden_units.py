"""Hidden units: what each of them does while the network reads a text."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, text_choice, units_view
from pages.components.plain import problem
from pages.components.trained_run import trained_run

frame.begin(
    "Hidden units",
    "Watch a network while it reads. Each hidden unit is one number that changes with every "
    "character; some of them turn out to mean something.",
)

run = trained_run()
if run is not None:
    try:
        part = text_choice.choose(run, run.vocabulary(), st.columns([2, 1], gap="large"))
    except (ValueError, OSError) as error:
        problem(error)
    else:
        if part is not None:
            units_view.view(run, part)
