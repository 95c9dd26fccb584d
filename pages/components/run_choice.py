"""The run that a page is about: it stands in the address as `?run=`, and is chosen from a list."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components import lab
from pages.components.plain import plain
from rnnlab.runs.choosing import run_labels
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run

RUN = "run"  # in the URL
PICKED = "run_picked"


def asked() -> Run | None:
    """The run of the address; None without one, or with a sentence when it cannot be opened."""
    named = st.query_params.get(RUN)
    if not named:
        return None
    try:
        return lab.store().open(named)
    except (RunError, OSError) as error:
        refused(str(error))
        return None


def refused(sentence: str) -> None:
    """Say why the run of the address is not shown."""
    st.warning(plain(sentence), icon=":material/link_off:")


def is_asked_for(run: Run) -> bool:
    """Whether the address names this run."""
    return st.query_params.get(RUN) == run.id


def show(run_id: str) -> None:
    """Show this run from now on, here and in every link to this page."""
    st.query_params[RUN] = run_id


def picker(run: Run, offered: Sequence[Run]) -> None:
    """Draw the list, on the run that is shown, which may be none of those offered."""
    runs = {each.id: each for each in offered}
    if run.id not in runs:
        runs = {run.id: run, **runs}
    labels = run_labels(runs.values())
    st.session_state[PICKED] = run.id
    st.selectbox(
        "Run",
        list(runs),
        key=PICKED,
        format_func=lambda run_id: labels.get(run_id, run_id),
        on_change=_follow,
        help="Which run is shown below. It stands in the address bar: a reload or a link shows the "
        "same run.",
    )


def _follow() -> None:
    show(st.session_state[PICKED])
