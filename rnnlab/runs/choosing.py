"""Which run somebody wants to see who did not say which."""

from __future__ import annotations

from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore


def run_to_show(store: RunStore) -> Run | None:
    """The newest run at work, else the newest of all, else one that ships; None without any."""
    runs = store.runs()  # newest first, then the gallery
    active = (run for run in runs if run.is_active)
    return next(active, runs[0] if runs else None)
