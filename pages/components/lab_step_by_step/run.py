"""Which run the steps of the manual show: one that ships, or one that was trained here."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.components import services
from pages.components.lab_step_by_step.losses import named
from pages.components.lab_step_by_step.model import KEY
from pages.components.lab_step_by_step.settings import EXPERIMENT
from pages.components.labs import runner as lab_runner
from pages.components.networks import Network, network
from pages.components.pickers import run as run_picker
from rnnlab.experiments.reproduction import runs_of
from rnnlab.folders import data_folder, runs_folder
from rnnlab.runs.run import Run
from rnnlab.runs.texts import SourceText, held_out

_FOLLOWED = "manual_followed"  # the run that was started here and shown once
_NOTHING = "There is no run yet; train one in step 8."
_TRAINS = "It trains, or waits for its turn; what it learned is shown here when it has ended."


@dataclass(frozen=True)
class Shown:
    """A run and what can be had of it now."""

    run: Run | None
    network: Network | None  # as it was at the end; None before that
    held_out: SourceText | None  # text it did not learn from; None when its corpus is not here
    problem: str  # why there is no network, "" when there is one

    @property
    def said(self) -> str:
        """Which run it is, in a few words of plain text."""
        return named(self.run)


def shown() -> Shown:
    """Draw the choice of the run, and open it."""
    _follow_what_was_started()
    offered = _offered()
    st.markdown(
        "Steps 1 to 8 follow the settings that you choose in step 5; steps 9 to 12 show a trained "
        "network: one that ships with the lab, or yours once step 8 has begun."
    )
    if not offered and not st.query_params.get(run_picker.RUN):
        return Shown(None, None, None, _NOTHING)
    run = run_picker.trained_run(offered)
    if run is None:
        return Shown(None, None, None, _NOTHING)
    if run.is_active:
        return Shown(run, None, None, _TRAINS)
    try:
        return Shown(run, network(run, "last"), _held_out(run), "")
    except (ValueError, OSError) as error:
        return Shown(run, None, None, str(error))


def _offered() -> list[Run]:
    """The runs that ship, then the user's own whose losses were measured after each epoch."""
    store = services.store()
    own = [
        run
        for run in store.runs()
        if run.writes_text and run.config.evaluation == "each-epoch" and not run.read_only
    ]
    return [*runs_of(EXPERIMENT, store.labs()), *own]


def _follow_what_was_started() -> None:
    """Once a run was started in step 8, all steps show it, until another is chosen."""
    run = lab_runner.started(KEY)
    if run is not None and st.session_state.get(_FOLLOWED) != run.id:
        st.session_state[_FOLLOWED] = run.id
        run_picker.show(run.id)


def _held_out(run: Run) -> SourceText | None:
    return _cached_held_out(str(runs_folder()), str(data_folder()), run.id)


@st.cache_resource(max_entries=6, show_spinner="Reading the text …")
def _cached_held_out(runs: str, data: str, run_id: str) -> SourceText | None:
    return held_out(services.store().open(run_id), services.library())
