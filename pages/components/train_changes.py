"""Learning rate and clipping of a run, changed while it trains."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import lab, train_controls, train_run
from rnnlab.runs.run import Run
from rnnlab.runs.status import AT_WORK, Status
from rnnlab.training.config import settings
from rnnlab.training.wording import choice_name, value_text


def changes(run: Run, status: Status) -> None:
    """Sliders that act on the run itself, while it is at work; a try is rather started anew."""
    if status.state not in AT_WORK or run.is_scratch:
        return
    with st.container(border=True):
        rate, kind, limit = st.columns([4, 5, 4], vertical_alignment="bottom")
        with rate:
            _slider("learning_rate", run, "It takes effect within a second, as the run's new base.")
        with kind:
            _clipping(run)
        with limit:
            _slider("grad_clip", run, "It takes effect within a second.")


def _slider(name: str, run: Run, effect: str) -> None:
    key, value = _key(name, run), _in_force(name, run)
    st.select_slider(
        f"{settings()[name].label} now",
        sorted({*train_controls.STOPS[name], getattr(run.config, name), value}),
        value=value,  # not by the session: that is told once, in a message that may be dropped
        key=key,
        format_func=lambda value: value_text(name, value),
        on_change=_ask,
        args=(name, run.id, key),
        help=f"{settings()[name].help} {effect}",
    )


def _clipping(run: Run) -> None:
    key = _key("clipping", run)
    setting = settings()["clipping"]
    st.segmented_control(
        f"{setting.label} now",
        setting.choices,
        default=_in_force("clipping", run),
        key=key,
        format_func=choice_name,
        required=True,
        on_change=_ask,
        args=("clipping", run.id, key),
        help=f"{setting.help} It takes effect within a second.",
    )


def _key(name: str, run: Run) -> str:
    """Where the session keeps the control."""
    return f"train_now_{name}_{run.id}"


def _in_force(name: str, run: Run) -> Any:
    """The value that was wished last, else the configured one."""
    configured = getattr(run.config, name)
    wished = [event.new for event in run.events() if event.what == name]
    return type(configured)(wished[-1]) if wished and wished[-1] is not None else configured


def _ask(name: str, run_id: str, key: str) -> None:
    train_run.forget_problem()
    try:
        lab.jobs().change(run_id, **{name: st.session_state[key]})
    except (ValueError, OSError) as error:
        train_run.tell(error)
