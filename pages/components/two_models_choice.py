"""The second network of a comparison: it stands in the address as `?other=`."""

from __future__ import annotations

import streamlit as st

from pages.components import lab
from pages.components.run_choice import refused
from rnnlab.runs.choosing import run_labels
from rnnlab.runs.run import Run

OTHER = "other"
_PICKED = "other_picked"


def other_run(run: Run) -> Run:
    """Draw the choice; what it says. The run itself can be chosen, to compare two moments."""
    offered = {each.id: each for each in lab.store().runs() if each.writes_text} | {run.id: run}
    asked = st.query_params.get(OTHER)
    if asked and asked not in offered:
        refused(f"There is no run '{asked[:80]}' here that writes text; another one is shown.")
        asked = None
    labels = run_labels(offered.values())
    st.session_state[_PICKED] = asked or _usual(run, list(offered.values())).id
    chosen = st.selectbox(
        "Compared with",
        list(offered),
        key=_PICKED,
        format_func=lambda run_id: labels.get(run_id, run_id),
        on_change=_follow,
        help="The second network, B. Choose the same run again to compare two moments of its "
        "training.",
    )
    return offered.get(chosen, run)


def _usual(run: Run, offered: list[Run]) -> Run:
    """The gallery run after this one on the same corpus, else any on it, else the run itself."""
    ids = [each.id for each in offered]
    after = offered[ids.index(run.id) + 1 :] + offered[: ids.index(run.id)]
    same_text = [each for each in after if each.config.corpus == run.config.corpus]
    return min(same_text, key=lambda each: not each.id.startswith("gallery/"), default=run)


def _follow() -> None:
    st.query_params[OTHER] = st.session_state[_PICKED]
