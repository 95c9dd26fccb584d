"""The run that the pages about trained networks look at; `?run=`."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components import lab
from pages.components.plain import plain
from rnnlab.runs.choosing import run_labels
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.showcase import showcase_run

RUN = "run"  # in the URL
_PICKED = "trained_run_picked"
_OTHER_TASK = (
    "is no character RNN that writes on from a text, so it cannot be shown here; look at it on the "
    "page of its lab."
)


def trained_run(offered: Sequence[Run] | None = None) -> Run | None:
    """Draw the choice of a run; None, with a word about what to do, when there is none.

    Args:
        offered: runs to choose from, the first of them at first; None: all that write text.
    """
    if offered is None:
        runs = {run.id: run for run in lab.store().runs() if run.writes_text}
        run = _asked() or showcase_run(lab.store()) or next(iter(runs.values()), None)
    else:
        runs = {run.id: run for run in offered}
        run = _asked() or next(iter(offered), None)
    if run is None:
        st.markdown(
            "No network has been trained here yet. Train one first: half a minute is enough for "
            "its first words."
        )
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
        return None
    runs.setdefault(run.id, run)  # a try is not among them
    labels = run_labels(runs.values())
    st.session_state[_PICKED] = run.id
    st.selectbox(
        "Run",
        list(runs),
        key=_PICKED,
        format_func=lambda run_id: labels.get(run_id, run_id),
        on_change=_show,
        help="Which trained network to look at. It stands in the address bar: a link shows the "
        "same run.",
    )
    return run


def _asked() -> Run | None:
    """The run of the address; None, with a sentence, when it cannot be opened."""
    asked = st.query_params.get(RUN)
    if not asked:
        return None
    try:
        run = lab.store().open(asked)
    except (RunError, OSError) as error:
        st.warning(plain(str(error)), icon=":material/link_off:")
        return None
    if not run.writes_text:
        st.warning(plain(f"“{run.name}” {_OTHER_TASK}"), icon=":material/link_off:")
        return None
    return run


def _show() -> None:
    st.query_params[RUN] = st.session_state[_PICKED]
