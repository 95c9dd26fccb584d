"""What a few experiments of a lab measured, one line each, beside what is told about them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import frame, lab
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.reproduction import ours_text, reproduced, runs_of


def brief(experiments: Sequence[Experiment]) -> None:
    """Draw the table of runs that ship; a cell is empty without them.

    Args:
        experiments: with the same measures.
    """
    shipped = lab.store().labs()
    lines = []
    for experiment in experiments:
        found = reproduced(experiment, shipped)
        numbers = {f"{one.measure.title} ({one.measure.unit})": ours_text(one) for one in found}
        runs = len(runs_of(experiment, shipped))
        lines.append({"Run": experiment.title, **numbers, "Runs": str(runs or "")})
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch")
    frame.how_to_read(
        "Ours: mean ± standard deviation over the runs that ship, one for each random seed; empty "
        "where none does. The seconds are those of the machine that trained them."
        if any("seconds" in head for head in lines[0])
        else "Ours: mean ± standard deviation over the runs that ship, one for each random seed; "
        "empty where none does."
    )
