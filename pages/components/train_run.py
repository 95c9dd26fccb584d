"""Which run the Train page shows, and starting the next one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from pages.components import lab, run_choice, train_controls, train_corpus
from pages.components.plain import problem
from rnnlab.runs.choosing import run_to_show
from rnnlab.runs.errors import RunError
from rnnlab.runs.failures import sentence
from rnnlab.runs.run import Run
from rnnlab.runs.tries import create_try
from rnnlab.training.config import RunConfig
from rnnlab.training.wording import run_name

NAME = "train_run_name"
RETRAIN = "train_retrain"
SECONDS = "train_try_seconds"
_FIRST_LOSS = 0.9  # seconds that a page waits for it
_PROBLEM = "train_problem"
_EVERYWHERE = "train_everywhere"


def shown() -> Run | None:
    """The run of the URL; without one there, the run at work or the newest, None without any."""
    return run_choice.asked() or run_to_show(lab.store())


def start(config: RunConfig | None = None) -> None:
    """Callback: start a run with these settings, or with those of the controls, and show it."""
    forget_problem()
    try:
        config = config or train_controls.chosen()
        corpus = train_corpus.chosen(config)
        name = st.session_state.get(NAME, "").strip() or run_name(config, corpus.title)
        run = lab.store().create(config, name=name, corpus_sha256=corpus.sha256)
        run_choice.show(run.id)
        submit(run)
    except (ValueError, OSError) as error:  # the project's own errors, or a full disk
        tell(error)


def retry(config: RunConfig) -> None:
    """Callback: fill the controls with these settings and start with them."""
    train_controls.fill(config)
    start(config)


def start_try(config: RunConfig, previous: Run | None) -> None:
    """Start a throw-away run in the place of the one before it, and show it.

    Raises:
        ValueError, OSError: it cannot be started; the sentence says why.
    """
    if previous and previous.is_active:
        with suppress(RunError):  # it ended this moment
            lab.jobs().stop(previous.id)
    short = config.changed(budget=float(st.session_state[SECONDS]), budget_unit="seconds")
    checksum = train_corpus.chosen(config).sha256
    run = create_try(lab.store(), short, previous, corpus_sha256=checksum)
    run_choice.show(run.id)
    submit(run)


def submit(run: Run) -> None:
    """Hand a run to the workers; when a warm one is free, its first loss is there on return.

    That takes about a quarter of a second, and the page that is drawn next shows the loss at once
    instead of at its next look.
    """
    jobs = lab.jobs()
    starts_at_once = jobs.spare_ready and jobs.is_idle
    jobs.submit(run.id)
    patience = time.monotonic() + _FIRST_LOSS
    while starts_at_once and time.monotonic() < patience and not len(run.metrics()["step"]):
        time.sleep(0.01)


def everywhere(callback: Callable[[], None]) -> Callable[[], None]:
    """A callback in a fragment after which the whole page runs, see `rerun_if_asked`."""

    def run() -> None:
        callback()
        st.session_state[_EVERYWHERE] = True

    return run


def rerun_if_asked() -> None:
    """Begin a fragment with this: `st.rerun` in a callback would run the fragment alone."""
    if st.session_state.pop(_EVERYWHERE, False):
        st.rerun()


def forget_problem() -> None:
    """A new action begins; what went wrong before is no longer said."""
    st.session_state.pop(_PROBLEM, None)


def tell(error: Exception) -> None:
    """Keep a problem until the next action, so that the page can say it."""
    st.session_state[_PROBLEM] = sentence(error)


def last_problem() -> None:
    """Say what went wrong with the last action, if anything did."""
    if st.session_state.get(_PROBLEM):
        problem(st.session_state[_PROBLEM])
