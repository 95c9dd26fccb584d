"""Two models, one text: where one network knows better than another."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, two_models_choice, two_models_view
from pages.components.trained_run import trained_run

frame.begin(
    "Two models, one text",
    "The same text through two networks, or through one at two moments of its training: which "
    "characters does one of them expect, and the other not?",
)

columns = st.columns(2, gap="large")
with columns[0]:
    run = trained_run()
if run is not None:
    with columns[1]:
        other = two_models_choice.other_run(run)
    two_models_view.draw(run, other)
