"""Train: choose every setting, start a run, and watch it learn."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, lab, plot, run_choice, train_live, train_run, train_settings

frame.begin(
    "Train",
    "Choose a text and a network, start, and watch the loss fall. Training goes on in the "
    "background: leave this page, close the window, come back.",
)

run = train_run.shown()
left, right = st.columns([1, 2], gap="medium")
with left:
    train_settings.settings_panel(run)
with right:
    if run is None:
        st.subheader("Nothing has been trained yet", anchor=False)
        st.markdown(
            "Press **Start** on the left: the first loss appears within a second, the first "
            "readable words within a minute."
        )
        train_run.last_problem()
        plot.preload()
    else:
        run_choice.picker(run, lab.store().runs())
        train_live.panel(run)
