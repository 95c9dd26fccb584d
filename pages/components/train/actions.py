"""What one can do with a run: pause, resume, stop, one update, try the advice, look inside."""

from __future__ import annotations

import streamlit as st

from pages.components import services
from pages.components.training import controls as training_controls
from pages.components.training import start as training_start
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status
from rnnlab.training.divergence import with_safer_settings
from rnnlab.training.labels import changes_text


def actions(run: Run, status: Status) -> None:
    """The buttons that make sense in this state."""
    if status.state in ("running", "paused"):
        _pause_or_continue(run, status)
    if status.is_active:
        _stop(run, status)
    diverged = status.state == "failed" and bool(status.advice)
    if diverged:
        _try_advice(run, status)
    if run.can_resume:
        explanation = "Go on from where it ended."
        if diverged:
            explanation += " With the same settings it will most likely diverge again."
        _button("Resume", "play_arrow", "resume", run, explanation, main=not diverged)
    if not status.is_active:
        _take_settings(run)


def links(run: Run, status: Status) -> None:
    """Where to go with a run that has something to show."""
    if status.is_active or not run.snapshots():
        return
    with st.container(horizontal=True):
        for page, label, icon in (
            ("pages/generate.py", "Let it write", ":material/edit_note:"),
            ("pages/hidden_units.py", "Look at its hidden units", ":material/grid_on:"),
            ("pages/runs.py", "Compare it with other runs", ":material/table_rows:"),
        ):
            st.page_link(page, label=label, icon=icon, query_params={"run": run.id})


def _pause_or_continue(run: Run, status: Status) -> None:
    if status.state == "running":
        _button("Pause", "pause", "pause", run, "Hold it; the network stays in memory.")
        return
    _button("Continue", "play_arrow", "resume", run, "Let it go on.", main=True)
    _button(
        "One update",
        "skip_next",
        "single_update",
        run,
        "Learn from one single batch and hold again: watch what one update changes.",
    )


def _stop(run: Run, status: Status) -> None:
    if status.state == "queued":
        _button("Take out of the queue", "close", "stop", run, "It can be started later.")
    else:
        _button("Stop", "stop", "stop", run, "End it here; everything is kept.")


def _try_advice(run: Run, status: Status) -> None:
    advised = with_safer_settings(run.config, status.learning_rate)
    st.button(
        "Try the advice",
        icon=":material/healing:",
        type="primary",
        key="train_advice",
        on_click=training_start.rerun_page_after(lambda: training_start.retry(advised)),
        help=f"Start a new run with {changes_text(run.config, advised)}.",
    )


def _take_settings(run: Run) -> None:
    st.button(
        "Take its settings",
        icon=":material/content_copy:",
        key="train_take",
        on_click=training_start.rerun_page_after(lambda: training_controls.fill(run.config)),
        help="Fill the controls on the left with the settings of this run, to change and start.",
    )


def _button(
    label: str, icon: str, action: str, run: Run, explanation: str, *, main: bool = False
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="primary" if main else "secondary",
        key=f"train_do_{action}",
        on_click=_ask,
        args=(action, run.id),
        help=explanation,
    )


def _ask(action: str, run_id: str) -> None:
    with training_start.kept_problems():
        getattr(services.jobs(), action)(run_id)
