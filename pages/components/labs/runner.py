"""Predict, run, compare: an experiment of a lab, made here by the user."""

from __future__ import annotations

import time
from functools import partial

import streamlit as st

from pages.components import ladders, services
from pages.components.browser.plot import plot
from pages.components.layout import problems
from pages.components.training import controls as training_controls
from pages.components.training import corpus as training_corpus
from pages.components.training import forecast
from pages.components.training import start as training_start
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.reproduction import by_key, ours_text, published_text, runs_of, value_text
from rnnlab.figures.learning import Curve, View, learning_chart
from rnnlab.runs.results import measured
from rnnlab.runs.run import Run
from rnnlab.runs.table import progress_text, state_sentence, state_title
from rnnlab.training.config import RunConfig
from rnnlab.training.labels import duration_text

QUICK, WHOLE = "Quick", "Whole"


def runner(experiment: Experiment, key: str, config: RunConfig | None = None) -> None:
    """Draw the three steps of an experiment.

    Args:
        key: unique on the page.
        config: what to run, where the page has controls of its own; None lets the user choose
            between the quick and the whole experiment.
    """
    st.markdown(f"**{experiment.question}**")
    asked = experiment.asked
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            f"1. Predict: {asked.title[0].lower()}{asked.title[1:]}",
            key=f"{key}_prediction",
            value=None,
            format=f"%.{asked.digits}f",
            placeholder=asked.unit,
            persist_state="session",
            help="What do you expect? A wrong guess teaches more than none.",
            width=260,
        )
        config = config or _choice(experiment, key)
        st.button(
            "2. Run it",
            key=f"{key}_start",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not forecast.is_here(config.corpus),
            on_click=_start,
            args=(experiment, config, key),
            help="Trains in the background with exactly these settings.",
        )
        st.button(
            "Change settings first",
            key=f"{key}_open",
            icon=":material/tune:",
            on_click=training_controls.fill,
            args=(config,),
            help="Fills in the Train page, where everything can be changed.",
        )
    if st.session_state.get(f"{key}_open"):
        st.switch_page("pages/train.py")
    if not forecast.is_here(config.corpus):
        training_corpus.fetch_offer(config.corpus, key=f"{key}_fetch")
    training_start.show_kept_error()
    _follow(experiment, key)


def _choice(experiment: Experiment, key: str) -> RunConfig:
    if experiment.quick is None:
        return experiment.config
    chosen = st.segmented_control(
        "Length",
        [QUICK, WHOLE],
        key=f"{key}_length",
        default=QUICK,
        required=True,
        format_func={
            QUICK: f"{QUICK}, under a minute",
            WHOLE: f"{WHOLE}{_duration(experiment)}",
        }.__getitem__,
        help="Quick is for two cores and shows the same thing, less sharply. The whole experiment "
        f"trains for {experiment.config.budget_text}; the time is that of our fastest run.",
    )
    return experiment.quick if chosen == QUICK else experiment.config


def _duration(experiment: Experiment) -> str:
    """How long the whole took at best; nothing where no run of it ships."""
    seconds = [measured(run, "seconds") for run in runs_of(experiment, services.store().labs())]
    known = [value for value in seconds if value is not None]
    return f", {duration_text(min(known))}" if known else ""


def _start(experiment: Experiment, config: RunConfig, key: str) -> None:
    """Callback."""
    with training_start.kept_problems():
        training_start.start(config, experiment.title, show=partial(_remember, key))


def _remember(key: str, run_id: str) -> None:
    st.session_state[f"{key}_run"] = run_id
    st.query_params[key] = run_id  # so that it outlives a reload


def _follow(experiment: Experiment, key: str) -> None:
    """The run that was started here last, as it goes on."""
    run = started(key)
    if run is None:
        return
    live = run.is_active
    st.fragment(_panel, run_every=1.0 if live else None)(run, key, live)
    if run.status().state == experiment.ends:
        _compare(experiment, run, key)


def started(key: str) -> Run | None:
    """The run that was started here last; None, with a sentence if it is gone, without one."""
    run_id = st.session_state.get(f"{key}_run") or st.query_params.get(key)
    if not run_id:
        return None
    with problems():
        return services.store().open(run_id)
    return None


def _panel(run: Run, key: str, live: bool) -> None:
    status = run.status()
    position = services.jobs().queue_position(run.id) if status.state == "queued" else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state_title(status))
        running = status.state == "running"
        st.text(progress_text(status) if running else state_sentence(status, position))
        st.page_link("pages/train.py", label="All of it", query_params={"run": run.id})
    if running:
        st.progress(min(max(status.progress, 0.0), 1.0))
    curve = Curve("this run", run.metrics(), forecast.characters_per_update(run.config))
    ladder = ladders.ladder(run)
    rungs = ladder.validation if ladder else ()
    figure = learning_chart(curve, View(), ladder=rungs, zoom=run.id)
    plot(figure, key=f"{key}_curves", height=320, alt="Losses while it learns")
    if live and not run.is_active:
        st.rerun()
    time.sleep(0.01)  # lets the last messages leave


def _compare(experiment: Experiment, run: Run, key: str) -> None:
    """Prediction, publication, our runs and this one, side by side."""
    st.markdown("**3. Compare**")
    shipped = by_key(experiment, services.store().labs())
    for measure in experiment.measures:
        with st.container(horizontal=True, gap="large"):
            st.metric(
                measure.title,
                value_text(measure, measured(run, measure.key)) or "–",
                help=f"Of this run, in {measure.unit}." if measure.unit else "Of this run.",
            )
            st.metric("Published", published_text(measure) or "–")
            st.metric(
                "Ours",
                ours_text(shipped[measure.key]) or "–",
                help="Mean ± standard deviation of the runs that ship.",
            )
            guess = st.session_state.get(f"{key}_prediction")
            if measure is experiment.asked and guess is not None:
                st.metric("You predicted", value_text(measure, guess))
    if experiment.is_made_by(run.config):
        st.markdown(experiment.look_for)
        return
    st.caption("This was not the whole experiment, so its numbers are not those of the table.")
    st.markdown(f"What to look for in the whole one: {experiment.look_for}")
