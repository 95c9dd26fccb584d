"""What a few experiments of a lab measured, one line each, beside what is told about them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import frame, lab
from rnnlab.experiments.experiment import Experiment, Measure
from rnnlab.experiments.reproduction import ours_text, reproduced, runs_of


def brief(experiments: Sequence[Experiment]) -> None:
    """Draw the table of runs that ship; a cell is empty without them.

    Args:
        experiments: with the same measures.
    """
    shipped, measures = lab.store().labs(), experiments[0].measures
    lines = []
    for experiment in experiments:
        found = reproduced(experiment, shipped)
        numbers = {one.measure.title: ours_text(one) for one in found}
        runs = len(runs_of(experiment, shipped))
        lines.append({"Run": experiment.title, **numbers, "Runs": str(runs or "")})
    units = {m.title: st.column_config.TextColumn(help=f"In {m.unit}.") for m in measures}
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch", column_config=units)
    frame.how_to_read(
        "Ours: mean ± standard deviation over the runs that ship, one for each random seed; empty "
        f"where none does. {_units(measures)}"
    )


def _units(measures: Sequence[Measure]) -> str:
    """In what each column is measured."""
    return " ".join(f"{measure.title}: {measure.unit}." for measure in measures)
