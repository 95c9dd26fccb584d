"""What the lab pages share: beginning and end, a short table of results, a trained network."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components import frame, services
from pages.components.labs import runner as lab_runner
from pages.components.layout import escape_markdown, how_to_read
from pages.components.networks import Network, network
from rnnlab.experiments.catalog import of_lab
from rnnlab.experiments.experiment import LABS, Experiment, Measure
from rnnlab.experiments.reproduction import ours_text, reproduced, runs_of
from rnnlab.network.tape import DivergedModelError
from rnnlab.runs.errors import RunError


def begin(name: str) -> None:
    """Begin the page of a lab: its title and what one finds out there."""
    lab = LABS[name]
    frame.begin(f"Lab {lab.title}", lab.lead)


def sources(name: str) -> None:
    """Where the published numbers come from, and in what our experiments differ."""
    experiments = of_lab(name)
    st.header("Sources and differences", anchor=False)
    for source in dict.fromkeys(experiment.source for experiment in experiments):
        st.markdown(f"- {source}")
    told: dict[str, list[str]] = {}
    for experiment in experiments:
        for difference in experiment.differs:
            told.setdefault(difference, []).append(experiment.title)
    if told:
        st.markdown("Where ours is not the same, and what is wrong in the source:")
    for difference, titles in told.items():
        st.markdown(
            f"- *{escape_markdown(_named(titles, len(experiments)))}*: "
            f"{escape_markdown(difference)}"
        )


def _named(titles: list[str], experiments: int) -> str:
    """Whose difference it is."""
    return "All experiments" if len(titles) == experiments else ", ".join(titles)


def brief(experiments: Sequence[Experiment]) -> None:
    """Draw the table of runs that ship; a cell is empty without them.

    Args:
        experiments: with the same measures.
    """
    shipped, measures = services.store().labs(), experiments[0].measures
    lines = []
    for experiment in experiments:
        found = reproduced(experiment, shipped)
        numbers = {one.measure.title: ours_text(one) for one in found}
        runs = len(runs_of(experiment, shipped))
        lines.append({"Run": experiment.title, **numbers, "Runs": str(runs or "")})
    units = {m.title: st.column_config.TextColumn(help=f"In {m.unit}.") for m in measures}
    st.dataframe(pd.DataFrame(lines), hide_index=True, width="stretch", column_config=units)
    how_to_read(
        "Ours: mean ± standard deviation over the runs that ship, one for each random seed; empty "
        f"where none does. {_units(measures)}"
    )


def _units(measures: Sequence[Measure]) -> str:
    """In what each column is measured."""
    return " ".join(f"{measure.title}: {measure.unit}." for measure in measures)


def trained(experiment: Experiment, key: str) -> Network | None:
    """What the user trained here once it has ended, else one that ships; None without either.

    Args:
        key: of the runner of the experiment on this page.
    """
    own = lab_runner.started(key)
    mine = [own] if own and own.status().state == "finished" else []
    for run in (*mine, *runs_of(experiment, services.store().labs())):
        try:
            return network(run, "last")
        except (RunError, DivergedModelError, OSError):
            continue  # heavy networks ship with the first seed only
    return None
