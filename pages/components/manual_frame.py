"""The frame of a step of the manual: what it asks for, and whose numbers are shown."""

from __future__ import annotations

import streamlit as st

from pages.components.plain import plain
from rnnlab.experiments.manual import STEPS, step

SETTINGS = "the settings of step 5"


def contents() -> None:
    """All steps with what the manual asks for, and links to where that is."""
    lines = ["| step | the manual asks for | shown here |", "| --- | --- | --- |"]
    lines += [
        f"| [{each.number}. {each.title}](#{each.anchor}) | {each.asks} | {each.here} |"
        for each in STEPS
    ]
    with st.expander("The twelve steps, and where each is", icon=":material/checklist:"):
        st.markdown("\n".join(lines))


def begin(number: int, shows: str = "") -> None:
    """The heading of a step.

    Args:
        shows: whose numbers stand below, such as "the run “A small RNN”"; plain text.
    """
    found = step(number)
    st.header(f"{number}. {found.title}", anchor=found.anchor)
    st.markdown(f"The manual asks: *{found.asks}*")
    if shows:
        st.caption(f":material/visibility: Shown: {plain(shows)}.")
