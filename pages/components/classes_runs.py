"""Several experiments of which one is made at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components import labs_run
from rnnlab.experiments.experiment import Experiment


def one_of(experiments: Sequence[Experiment], key: str) -> None:
    """Let the user choose an experiment, predict, run and compare it."""
    by_name = {experiment.name: experiment for experiment in experiments}
    chosen = st.selectbox(
        "Experiment",
        list(by_name),
        format_func=lambda name: by_name[name].title,
        key=f"{key}_experiment",
        persist_state="session",
        help="Each of them is in the table at the end, with the numbers of our runs.",
    )
    labs_run.runner(by_name[chosen], key=f"{key}_{chosen}")
