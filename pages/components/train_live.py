"""The live panel of the Train page: it draws itself again each second while a run is at work."""

from __future__ import annotations

import time
from typing import Literal

import streamlit as st

from pages.components import (
    frame,
    lab,
    ladders,
    train_actions,
    train_changes,
    train_chart,
    train_numbers,
    train_run,
    train_samples,
)
from pages.components.plain import plain, problem
from rnnlab.runs.describing import changes_sentence, progress_text, state_sentence, state_title
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status

_OFTEN, _USUAL = 0.5, 1.0  # seconds between two looks at a run
_NEW = 10.0  # seconds in which a queued run may begin any moment

_COLORS: dict[str, Literal["blue", "green", "red", "orange"]] = {
    **dict.fromkeys(("queued", "starting", "paused"), "blue"),
    **{"running": "green", "finished": "green", "failed": "red", "lost": "orange"},
}


def panel(run: Run) -> None:
    """Everything about a run that changes while it trains; only what moves is drawn each second."""
    interval = _interval(run)
    st.fragment(_curves, run_every=interval)(run.id, interval)
    frame.how_to_read(
        "The pale line is the loss of single updates, the strong one its running average; dots "
        "are the whole validation part. When validation turns up while training still falls, the "
        "network begins to learn by heart. Drag to zoom, double-click to see all."
    )
    train_chart.view_controls()
    with st.container():  # of its own: what follows, moved by an element, would begin anew
        train_changes.changes(run, run.status())
    st.subheader("What it writes", anchor=False)
    st.fragment(train_samples.samples, run_every=interval and 2.0)(run)


def _interval(run: Run) -> float | None:
    """Seconds between two looks: often until the first loss is there, never once it is over."""
    status = run.status()
    if not status.is_active:
        return None
    is_new = status.state != "queued" or time.time() - run.created < _NEW
    return _OFTEN if is_new and not len(run.metrics()["step"]) else _USUAL


def _curves(run_id: str, interval: float | None) -> None:
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
    view, metrics = train_chart.view(), run.metrics()
    ladder = ladders.ladder(run)
    train_numbers.numbers(metrics, status, view, ladder)
    train_chart.chart(run, metrics, view, ladder)
    if changes := changes_sentence(run.events()):
        st.caption(plain(changes))
    if _interval(run) != interval:
        st.rerun()  # the whole page once, then with another clock or none
    time.sleep(0.01)  # lets the last messages leave


def _state(run: Run, status: Status) -> None:
    position = lab.jobs().queue_position(run.id) if status.state == "queued" else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state_title(status), color=_COLORS.get(status.state, "gray"))
        at_work = status.state == "running"
        st.text(
            progress_text(status)
            if at_work
            else state_sentence(status, position, was_imported=run.was_imported)
        )
        train_actions.actions(run, status)
    if status.state in ("running", "paused"):
        st.progress(min(max(status.progress, 0.0), 1.0))
