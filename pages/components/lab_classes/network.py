"""Trained networks that say what a name is, or write one, chosen from those that ship and own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.components import services
from rnnlab.network.tape import check_weights
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.tasks.language import readable


@dataclass(frozen=True)
class NameNetwork:
    """A network that reads names."""

    model: Any
    vocabulary: Vocabulary
    labels: tuple[str, ...]  # of its outputs; () when it writes

    def read(self, name: str) -> np.ndarray:
        """The symbols of a name, as far as it knows them, (T,)."""
        return self.vocabulary.encode(readable(name, self.vocabulary))


def finished(task: str) -> list[Run]:
    """The finished runs of a task with weights: those that ship first, then own ones, newest
    first."""
    store = services.store()
    own = [run for run in store.runs() if not run.read_only]
    shipped = sorted(store.labs(), key=lambda run: ("best" not in run.id, run.id))
    runs = [run for run in [*shipped, *own] if run.config.task == task]
    return [run for run in runs if run.status().state == "finished" and run.snapshots()]


def choice(task: str, key: str) -> Run | None:
    """Let the user choose a finished run; None, with a sentence, when there is none."""
    runs = {run.id: run for run in finished(task)}
    if not runs:
        st.info("No run of this kind has finished yet; run one above.", icon=":material/info:")
        return None
    chosen = st.selectbox(
        "Network",
        list(runs),
        format_func=lambda run_id: runs[run_id].name,
        key=key,
        persist_state="session",
        help="Finished runs of this kind: those that ship, then your own.",
    )
    return runs[chosen]


def network(run: Run) -> NameNetwork:
    """The network of a run as it was at its end.

    Raises:
        RunError: its files are damaged or gone.
        DivergedModelError: its weights diverged.
    """
    return _load(services.store().root, run.id, run.status().attempt)


@lru_cache(maxsize=4)
def _load(root: Path, run_id: str, attempt: int) -> NameNetwork:
    run = RunStore(root).open(run_id)
    model = run.model("last")
    check_weights(model.params)
    return NameNetwork(model, run.vocabulary(), run.labels())
