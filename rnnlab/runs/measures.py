"""Single numbers of a run by name, as the labs compare them with published ones."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rnnlab.runs.metrics import as_number
from rnnlab.runs.run import Run
from rnnlab.training.smoothing import smoothed_loss


def measured(run: Run, key: str) -> float | None:
    """One number of a run; None while it is not known.

    Args:
        key: "parameters", "seconds", "updates", "first_loss" (before any update),
            "first_epoch_loss" and "last_epoch_loss" (means over an epoch's updates), "val_loss"
            (the last one), "test_loss", or a name in `results.json`. Losses are nats per
            character. Nats per sequence are "first_sequence_loss" and "smoothed_loss" (the last).
    """
    value = _OF_EVERY_RUN[key](run) if key in _OF_EVERY_RUN else run.results().get(key)
    number = as_number(value)
    return number if math.isfinite(number) else None


def _at(column: str, place: int) -> Callable[[Run], float | None]:
    """The first (0) or the last (−1) number of a column."""

    def find(run: Run) -> float | None:
        values = run.metrics()[column]
        known = values[np.isfinite(values)]
        return float(known[place]) if len(known) else None

    return find


def smoothed_curve(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """The loss as min-char-rnn shows it: updates, and nats per sequence; see `smoothed_loss`."""
    metrics = run.metrics()
    steps, losses = metrics["step"], metrics["train_loss"]
    vocab_size = len(run.vocabulary()) if len(steps) else 1
    return steps, smoothed_loss(steps, losses, vocab_size, run.config.seq_length)


def _times_length(run: Run, loss: float | None) -> float | None:
    return None if loss is None else loss * run.config.seq_length


def _last(values: np.ndarray) -> float | None:
    return float(values[-1]) if len(values) else None


_OF_EVERY_RUN: dict[str, Callable[[Run], float | None]] = {
    "parameters": lambda run: run.status().parameters,
    "seconds": lambda run: run.status().seconds,
    "updates": lambda run: run.status().step,
    "first_loss": _at("train_loss", 0),
    "first_sequence_loss": lambda run: _times_length(run, measured(run, "first_loss")),
    "smoothed_loss": lambda run: _last(smoothed_curve(run)[1]),
    "first_epoch_loss": _at("epoch_loss", 0),
    "last_epoch_loss": _at("epoch_loss", -1),
    "val_loss": _at("val_loss", -1),
    "test_loss": _at("test_loss", -1),
}
