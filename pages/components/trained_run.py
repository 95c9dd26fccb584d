"""The run that the pages about trained networks look at; `?run=`."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components import lab, run_choice
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.showcase import showcase_run

_SHOWN = "run_shown"  # on the page before
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
        offered = [run for run in lab.store().runs() if run.writes_text]
        run = _asked() or _shown_before() or showcase_run(lab.store()) or next(iter(offered), None)
    else:
        run = _asked() or next(iter(offered), None)
    if run is None:
        st.markdown(
            "No network has been trained here yet. Train one first: half a minute is enough for "
            "its first words."
        )
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
        return None
    run_choice.picker(run, offered)
    st.session_state[_SHOWN] = run.id
    return run


def _shown_before() -> Run | None:
    """The run that another page showed, which goes along to this one, into its address, too."""
    before = st.session_state.get(_SHOWN)
    if before is None or run_choice.RUN in st.query_params:
        return None
    try:
        run = lab.store().open(before)
    except (RunError, OSError):  # deleted since
        return None
    if not run.writes_text:
        return None
    run_choice.show(run.id)
    return run


def _asked() -> Run | None:
    """The run of the address; None, with a sentence, when it cannot be shown."""
    run = run_choice.asked()
    if run is None or run.writes_text:
        return run
    run_choice.refused(f"“{run.name}” {_OTHER_TASK}")
    return None
