"""Time machine: one network at every stored moment of its training."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, text_choice, time_view
from pages.components.plain import problem
from pages.components.trained_run import trained_run

frame.begin(
    "Time machine",
    "Play the training of a network: the same text, the same unit, the same dice, at every moment "
    "at which its weights were stored. When did it learn what?",
)

run = trained_run()
if run is not None:
    try:
        part = text_choice.choose(
            run,
            run.vocabulary(),
            st.columns([2, 1], gap="large"),
            key="time",
            first=text_choice.UNSEEN,
            lengths=(50, 100, 200, 300, 500),
        )
    except (ValueError, OSError) as error:
        problem(error)
    else:
        if part is not None:
            time_view.view(run, part)
