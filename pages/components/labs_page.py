"""What all pages of the labs begin and end with."""

from __future__ import annotations

import streamlit as st

from pages.components import frame
from pages.components.plain import plain
from rnnlab.experiments.catalog import of_lab
from rnnlab.experiments.labs import LABS


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
        st.markdown(f"- *{plain(_named(titles, len(experiments)))}*: {plain(difference)}")


def _named(titles: list[str], experiments: int) -> str:
    """Whose difference it is."""
    return "All experiments" if len(titles) == experiments else ", ".join(titles)
