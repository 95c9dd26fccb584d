"""Which run the Train page shows, and starting the next one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import streamlit as st

from pages.components import services
from pages.components.layout import show_error
from pages.components.pickers import run as run_picker
from pages.components.training import controls as training_controls
from pages.components.training import corpus as training_corpus
from rnnlab.runs.errors import RunError, user_message
from rnnlab.runs.run import Run
from rnnlab.runs.selection import create_scratch_run, run_to_show
from rnnlab.training.config import RunConfig
from rnnlab.training.labels import run_name

NAME = "train_run_name"
RETRAIN = "train_retrain"
SECONDS = "train_try_seconds"
_FIRST_LOSS = 0.9  # seconds that a page waits for it
_PROBLEM = "train_problem"
_EVERYWHERE = "train_everywhere"


def shown() -> Run | None:
    """The run of the URL; without one there, the run at work or the newest, None without any."""
    return run_picker.asked() or run_to_show(services.store())


def start(
    config: RunConfig, name: str, *, note: str = "", show: Callable[[str], None] = run_picker.show
) -> Run:
    """Make a run and hand it to the workers.

    Args:
        show: called with its id before it is handed over, so that even one that cannot begin is
            shown.
    Raises:
        ValueError, OSError: it cannot be started; the sentence says why.
    """
    corpus = services.library().load(config.corpus)  # read anew: it may have gone since
    run = services.store().create(config, name=name, note=note, corpus_sha256=corpus.sha256)
    show(run.id)
    _submit(run)
    return run


def start_and_show(config: RunConfig | None = None) -> None:
    """Callback: start a run with these settings, or with those of the controls, and show it."""
    with kept_problems():
        config = config or training_controls.chosen()
        given = st.session_state.get(NAME, "").strip()
        start(config, given or run_name(config, training_corpus.chosen(config).title))


def retry(config: RunConfig) -> None:
    """Callback: fill the controls with these settings and start with them."""
    training_controls.fill(config)
    start_and_show(config)


def start_scratch_run(config: RunConfig, previous: Run | None) -> None:
    """Start a scratch run in the place of the one before it, and show it.

    Raises:
        ValueError, OSError: it cannot be started; the sentence says why.
    """
    if previous and previous.is_active:
        with suppress(RunError):  # it ended this moment
            services.jobs().stop(previous.id)
    short = config.replace(budget=float(st.session_state[SECONDS]), budget_unit="seconds")
    checksum = training_corpus.chosen(config).sha256
    run = create_scratch_run(services.store(), short, previous, corpus_sha256=checksum)
    run_picker.show(run.id)
    _submit(run)


def _submit(run: Run) -> None:
    """Hand a run to the workers; when a warm one is free, its first loss is there on return.

    That takes about a quarter of a second, and the page that is drawn next shows the loss at once
    instead of at its next look.
    """
    jobs = services.jobs()
    starts_at_once = jobs.spare_ready and jobs.is_idle
    jobs.submit(run.id)
    patience = time.monotonic() + _FIRST_LOSS
    while starts_at_once and time.monotonic() < patience and not len(run.metrics()["step"]):
        time.sleep(0.01)


def rerun_page_after(callback: Callable[[], None]) -> Callable[[], None]:
    """A callback in a fragment after which the whole page runs, see `rerun_if_asked`."""

    def run() -> None:
        callback()
        st.session_state[_EVERYWHERE] = True

    return run


def rerun_if_asked() -> None:
    """Begin a fragment with this: `st.rerun` in a callback would run the fragment alone."""
    if st.session_state.pop(_EVERYWHERE, False):
        st.rerun()


@contextmanager
def kept_problems() -> Iterator[None]:
    """An action of a callback: what goes wrong is kept for the page to say, until the next one."""
    st.session_state.pop(_PROBLEM, None)
    try:
        yield
    except (ValueError, OSError) as error:  # the project's own errors, or a full disk
        st.session_state[_PROBLEM] = user_message(error)


def show_kept_error() -> None:
    """Say what went wrong with the last action, if anything did."""
    if st.session_state.get(_PROBLEM):
        show_error(st.session_state[_PROBLEM])
