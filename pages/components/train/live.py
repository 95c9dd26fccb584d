"""The live panel: a run's numbers, redrawn each second, and the settings that may change meanwhile.

Learning rate and clipping can be changed while the run trains.
"""

from __future__ import annotations

import time
from typing import Any, Literal

import numpy as np
import streamlit as st

from pages.components import ladders, services
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.train import actions, chart
from pages.components.training import controls as training_controls
from pages.components.training import samples as training_samples
from pages.components.training import start as training_start
from rnnlab.figures.ladder import as_good_as
from rnnlab.figures.learning import View
from rnnlab.figures.series import (
    LOSS_UNITS,
    LossUnit,
    accuracy_text,
    latest,
    loss_text,
    smoothed_latest,
)
from rnnlab.inspection.ngram_ladder import Ladder
from rnnlab.runs.run import Run
from rnnlab.runs.status import AT_WORK, Status
from rnnlab.runs.table import changes_sentence, progress_text, state_sentence, state_title
from rnnlab.training.config import settings
from rnnlab.training.labels import choice_name, value_text


def numbers(
    metrics: dict[str, np.ndarray], status: Status, view: View, ladder: Ladder | None
) -> None:
    """Losses or accuracies, gradient norm, and speed, as measured last."""
    with st.container(horizontal=True, gap="medium"):
        if view.unit == "accuracy":
            _accuracies(metrics, view)
        else:
            _losses(metrics, status, view, view.unit)
        if ladder is not None and ladder.validation:
            st.metric(
                "As good as",
                as_good_as(latest(metrics["val_loss"]), ladder.validation),
                help="An n-gram model that counts which character followed the n − 1 before it, "
                "measured on the same validation part. Between two of them, the share of the way "
                "from one to the next. The page *What a loss means* shows them all.",
            )
        if view.unit == "accuracy" and latest(metrics["test_accuracy"]) is not None:
            st.metric(
                "Test accuracy",
                accuracy_text(latest(metrics["test_accuracy"])),
                help="On the test part, looked at once at the very end.",
            )
        elif view.unit != "accuracy" and latest(metrics["test_loss"]) is not None:
            st.metric(
                "Test loss",
                loss_text(latest(metrics["test_loss"]), view.unit),
                help="On the test part, looked at once at the very end, in "
                f"{LOSS_UNITS[view.unit]}.",
            )
        st.metric(
            "Gradient norm",
            _number(latest(metrics["grad_norm"])),
            help="Length of all gradients together, before clipping. Sudden peaks say that the "
            "network nearly jumped away; clipping cuts them.",
        )
        st.metric(
            "Characters/s",
            _count(latest(metrics["characters_per_second"])),
            help=f"How many characters it learns from in a second, on {status.device or 'CPU'}.",
        )


def _losses(metrics: dict[str, np.ndarray], status: Status, view: View, unit: LossUnit) -> None:
    st.metric(
        "Training loss",
        loss_text(smoothed_latest(metrics["train_loss"], view.smoothing), unit),
        help="How surprised the network is by the text it learns from, smoothed, in "
        f"{LOSS_UNITS[unit]}. Lower is better.",
    )
    st.metric(
        "Validation loss",
        loss_text(latest(metrics["val_loss"]), unit),
        help="The same on the whole validation part, which it does not learn from, in "
        f"{LOSS_UNITS[unit]}. Best so far: {loss_text(status.best_val_loss, unit)}.",
    )


def _accuracies(metrics: dict[str, np.ndarray], view: View) -> None:
    st.metric(
        "Validation accuracy",
        accuracy_text(latest(metrics["val_accuracy"])),
        help=f"The percentage of {view.foreseen} in the whole validation part, which it does not "
        "learn from. Higher is better.",
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


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
        sorted({*training_controls.STOPS[name], getattr(run.config, name), value}),
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
    """The value that was asked for last, else the configured one."""
    configured = getattr(run.config, name)
    wished = [event.new for event in run.events() if event.what == name]
    return type(configured)(wished[-1]) if wished and wished[-1] is not None else configured


def _ask(name: str, run_id: str, key: str) -> None:
    with training_start.kept_problems():
        services.jobs().change(run_id, **{name: st.session_state[key]})


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
    view = chart.view(run)
    if view.unit == "accuracy":
        how_to_read(
            f"Dots are the percentage of {view.foreseen} in the whole validation part, each time "
            "by the likeliest choice alone; higher is better. It is not measured on single "
            "updates. Drag to zoom, double-click to see all."
        )
    else:
        how_to_read(
            "The pale line is the loss of single updates, the strong one its running average; dots "
            "are the whole validation part. When validation turns up while training still falls, "
            "the network begins to learn by heart. Drag to zoom, double-click to see all."
        )
    chart.view_controls(view)
    with st.container():  # of its own: what follows, moved by an element, would begin anew
        changes(run, run.status())
    st.subheader("What it writes", anchor=False)
    st.fragment(training_samples.samples, run_every=interval and 2.0)(run)


def _interval(run: Run) -> float | None:
    """Seconds between two looks: often until the first loss is there, never once it is over."""
    status = run.status()
    if not status.is_active:
        return None
    is_new = status.state != "queued" or time.time() - run.created < _NEW
    return _OFTEN if is_new and not len(run.metrics()["step"]) else _USUAL


def _curves(run_id: str, interval: float | None) -> None:
    training_start.rerun_if_asked()
    with problems():
        run = services.store().open(run_id)
        status = run.status()
        with st.container():  # of its own: the chart, moved down by an element, would lose its zoom
            _state(run, status)
            training_start.show_kept_error()
            actions.links(run, status)
        view, metrics = chart.view(run), run.metrics()
        ladder = ladders.ladder(run)
        numbers(metrics, status, view, ladder)
        chart.chart(run, metrics, view, ladder)
        if changes := changes_sentence(run.events()):
            st.caption(escape_markdown(changes))
        if _interval(run) != interval:
            st.rerun()  # the whole page once, then with another clock or none
        time.sleep(0.01)  # lets the last messages leave


def _state(run: Run, status: Status) -> None:
    position = services.jobs().queue_position(run.id) if status.state == "queued" else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state_title(status), color=_COLORS.get(status.state, "gray"))
        at_work = status.state == "running"
        st.text(
            progress_text(status)
            if at_work
            else state_sentence(status, position, was_imported=run.was_imported)
        )
        actions.actions(run, status)
    if status.state in ("running", "paused"):
        st.progress(min(max(status.progress, 0.0), 1.0))
