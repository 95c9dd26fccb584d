"""The live panel of the Train page: it draws itself again each second while a run is at work."""

from __future__ import annotations

import time

import streamlit as st

from pages.components import (
    lab,
    train_actions,
    train_changes,
    train_chart,
    train_numbers,
    train_run,
    train_samples,
)
from pages.components.plain import problem
from rnnlab.runs.describing import progress_text, state_sentence, state_title
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status

_COLORS = {
    **dict.fromkeys(("queued", "starting", "paused"), "blue"),
    **{"running": "green", "finished": "green", "failed": "red", "lost": "orange"},
}


def panel(run: Run) -> None:
    """Everything about a run that changes while it trains."""
    interval = _interval(run)
    st.fragment(_draw, run_every=interval)(run.id, interval)


def _interval(run: Run) -> float | None:
    """Seconds between two looks: often until the first loss is there, never once it is over."""
    if not run.is_active:
        return None
    return 1.0 if len(run.metrics()["step"]) else 0.5


def _draw(run_id: str, interval: float | None) -> None:
    train_run.rerun_if_asked()
    try:
        run = lab.store().open(run_id)
    except RunError as error:  # deleted in another window
        problem(error)
        return
    status = run.status()
    with st.container():  # of its own: the chart, moved down by an element, would lose its zoom
        _state(run, status)
        train_run.last_problem()
        train_actions.links(run, status)
        train_changes.changes(run, status)
    view, metrics = train_chart.view(), run.metrics()
    train_numbers.numbers(metrics, status, view)
    train_chart.chart(run, metrics, view)
    train_chart.view_controls()
    train_samples.samples(run)
    if _interval(run) != interval:
        st.rerun()  # the whole page once, then with another clock or none
    time.sleep(0.01)  # lets the last messages leave


def _state(run: Run, status: Status) -> None:
    position = lab.jobs().queue_position(run.id) if status.state == "queued" else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state_title(status), color=_COLORS.get(status.state, "gray"))
        at_work = status.state == "running"
        st.text(progress_text(status) if at_work else state_sentence(status, position))
        train_actions.actions(run, status)
    if status.state in ("running", "paused"):
        st.progress(min(max(status.progress, 0.0), 1.0))
