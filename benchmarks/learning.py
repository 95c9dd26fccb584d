"""How good a network is after a minute."""

from __future__ import annotations

import numpy as np

from benchmarks.lab import job_manager, train, wait_for_spare
from benchmarks.row import Row
from rnnlab.experiments.presets import PRESETS


def learn_quick_lstm() -> Row:
    """Validation loss of `quick-lstm` after its minute; the details say when it passed 1.886."""
    return _learned("quick-lstm", limit=1.70, passed=1.886)


def learn_quick_rnn() -> Row:
    """Validation loss of `quick-rnn` after its minute."""
    return _learned("quick-rnn", limit=1.80, passed=1.886)


def _learned(preset: str, limit: float, passed: float) -> Row:
    config = PRESETS[preset].config
    with job_manager() as jobs:
        wait_for_spare(jobs)
        run = train(jobs, config)
        curve, status = run.metrics(), run.status()
    below = curve["seconds"][curve["val_loss"] <= passed]  # NaN compares as False
    measured = ~np.isnan(curve["val_loss"])
    return Row(
        f"learn/{preset}",
        float(curve["val_loss"][measured][-1]),
        "nats/character",
        "limit",
        limit,
        {
            f"seconds_until_{passed}": float(below[0]) if len(below) else None,
            "seconds": status.seconds,
            "steps": status.step,
            "characters_per_second": status.characters_per_second,
            "evaluation_share": status.evaluation_seconds / status.seconds,
            "device": status.device,
        },
    )
