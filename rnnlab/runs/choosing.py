"""Which run somebody wants to see who did not say which, and what runs are called in a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore


def run_to_show(store: RunStore) -> Run | None:
    """The newest run at work, else the newest of all, else one that ships; None without any."""
    runs = store.runs()  # newest first, then the gallery
    active = (run for run in runs if run.is_active)
    return next(active, runs[0] if runs else None)


def run_labels(runs: Iterable[Run]) -> dict[str, str]:
    """What each run is called in a list, by id; no two alike, as a list box must tell them apart.

    Runs of one name are told apart by the end of their ids.
    """
    labels = {run.id: _label(run) for run in runs}
    often = Counter(labels.values())
    return {
        run_id: label if often[label] == 1 else f"{label} · {run_id.rpartition('-')[2]}"
        for run_id, label in labels.items()
    }


def _label(run: Run) -> str:
    if run.is_scratch:
        return f"Try: {run.name}"
    return f"{run.name} · {run.id.partition('/')[0]}" if run.read_only else run.name
