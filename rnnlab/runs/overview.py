"""What is in a store right now, in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.runs.run import Run
from rnnlab.runs.status import AT_WORK
from rnnlab.runs.store import RunStore


@dataclass(frozen=True)
class Overview:
    """Runs by what they are and what they do."""

    own: int
    gallery: int
    training: tuple[Run, ...]  # those that a process works on, throw-away ones among them
    waiting: int


def overview(store: RunStore) -> Overview:
    """Count the runs of a store."""
    runs = store.runs()
    states = [(run, run.status().state) for run in (*runs, *store.runs(scratch=True))]
    gallery = sum(run.read_only for run in runs)
    return Overview(
        own=len(runs) - gallery,
        gallery=gallery,
        training=tuple(run for run, state in states if state in AT_WORK),
        waiting=sum(state == "queued" for _, state in states),
    )
