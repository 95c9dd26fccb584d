"""Lab 1: a character RNN in the twelve steps of a manual, each to be seen and checked."""

from __future__ import annotations

import streamlit as st

from pages.components.lab_step_by_step import inside, losses, model, run, settings, steps
from pages.components.lab_step_by_step import text as lab_step_by_step_text
from pages.components.lab_step_by_step.text import source
from pages.components.labs import page as lab_page
from pages.components.labs import results as lab_results
from rnnlab.experiments.catalog import of_lab

lab_page.begin("step_by_step")
settings.fill_once()
steps.contents()
shown = run.shown()
text = source(settings.EXPERIMENT.config, shown.network)

settings.show_libraries()
lab_step_by_step_text.data_set(text, settings.EXPERIMENT.config)
config = settings.at_least_usual()
lab_step_by_step_text.split(text, config)
lab_step_by_step_text.encoding(text, config)
chosen = settings.hyperparameters()
lab_step_by_step_text.windows(text, config)
model.model(text, config)
model.training(text, chosen)
losses.losses(shown.run, shown.said)
if shown.run is not None and shown.network is not None:
    inside.view(shown.run, shown.network, shown.held_out)
else:
    for number in (10, 11, 12):
        steps.begin(number, shown.said)
        losses.unable(shown.problem)

st.header("Our runs and yours", anchor=False)
lab_results.table(of_lab("step_by_step"))
lab_page.sources("step_by_step")
