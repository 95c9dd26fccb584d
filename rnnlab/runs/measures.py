"""Single numbers of a run by name, as the labs compare them with published ones."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rnnlab.runs.metrics import as_number
from rnnlab.runs.run import Run


def measured(run: Run, key: str) -> float | None:
    """One number of a run; None while it is not known.

    Args:
        key: "parameters", "seconds", "first_loss" (before any update), "first_epoch_loss" and
            "last_epoch_loss" (means over an epoch's updates), "val_loss" (the last one),
            "test_loss", or a name in `results.json`. Losses are nats per character.
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


_OF_EVERY_RUN: dict[str, Callable[[Run], float | None]] = {
    "parameters": lambda run: run.status().parameters,
    "seconds": lambda run: run.status().seconds,
    "first_loss": _at("train_loss", 0),
    "first_epoch_loss": _at("epoch_loss", 0),
    "last_epoch_loss": _at("epoch_loss", -1),
    "val_loss": _at("val_loss", -1),
    "test_loss": _at("test_loss", -1),
}
