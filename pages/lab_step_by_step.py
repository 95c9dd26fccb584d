"""Lab 1: a character RNN in the twelve steps of a manual, each to be seen and checked."""

from __future__ import annotations

import streamlit as st

from pages.components import (
    labs_page,
    labs_results,
    manual_frame,
    manual_inside,
    manual_losses,
    manual_model,
    manual_run,
    manual_settings,
    manual_text,
)
from pages.components.manual_source import source
from rnnlab.experiments.catalog import of_lab

labs_page.begin("step_by_step")
manual_settings.fill_once()
manual_frame.contents()
shown = manual_run.shown()
text = source(manual_settings.EXPERIMENT.config, shown.network)

manual_settings.show_libraries()
manual_text.data_set(text, manual_settings.EXPERIMENT.config)
config = manual_settings.at_least_usual()
manual_text.split(text, config)
manual_text.encoding(text, config)
chosen = manual_settings.hyperparameters()
manual_text.windows(text, config)
manual_model.model(text, config)
manual_model.training(text, chosen)
manual_losses.losses(shown.run, shown.said)
if shown.run is not None and shown.network is not None:
    manual_inside.view(shown.run, shown.network, shown.held_out)
else:
    for number in (10, 11, 12):
        manual_frame.begin(number, shown.said)
        manual_losses.unable(shown.problem)

st.header("Our runs and yours", anchor=False)
labs_results.table(of_lab("step_by_step"))
labs_page.sources("step_by_step")
