"""Train: choose every setting, start a run, and watch it learn."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, services
from pages.components.browser import plot
from pages.components.pickers import run as run_picker
from pages.components.train import live, settings
from pages.components.training import start as training_start

frame.begin(
    "Train",
    "Choose a text and a network, start, and watch the loss fall. Training goes on in the "
    "background: leave this page, close the window, come back.",
)

run = training_start.shown()
left, right = st.columns([1, 2], gap="medium")
with left:
    settings.settings_panel(run)
with right:
    if run is None:
        st.subheader("Nothing has been trained yet", anchor=False)
        st.markdown(
            "Press **Start** on the left: the first loss appears within a second, the first "
            "readable words within a minute."
        )
        training_start.show_kept_error()
        plot.preload()
    else:
        run_picker.picker(run, services.store().runs())
        live.panel(run)
