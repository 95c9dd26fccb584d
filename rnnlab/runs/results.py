"""What came out of a run: single numbers by name, losses by epoch, smoothed loss, stored findings.

The smoothed loss is that of the first character RNNs in NumPy, over about 1,000 updates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.units.search import UnitFinding
from rnnlab.runs.files import read_json, replace_json
from rnnlab.runs.metrics import as_number
from rnnlab.runs.run import Run

FINDING = "finding.json"


def stored_findings(run: Run) -> list[UnitFinding]:
    """The findings that come with a run, the clearest first; [] without."""
    try:
        data = read_json(run.folder / FINDING)
    except (OSError, ValueError):
        return []
    found = map(UnitFinding.from_json, data if isinstance(data, list) else [])
    return [each for each in found if each is not None]


def store_findings(run: Run, found: Sequence[UnitFinding]) -> None:
    """Write findings into the folder of a run."""
    replace_json(run.folder / FINDING, [each.to_json() for each in found])


KEPT = 0.999  # of the smoothed loss, at each update


def smoothed_loss(
    steps: np.ndarray, losses: np.ndarray, vocab_size: int, seq_length: int
) -> np.ndarray:
    """0.999 · before + 0.001 · loss of an update, from −ln(1/V) · T on; nats per sequence.

    A loss that is the mean of n updates counts n times. What is no number is passed over.

    Args:
        steps: (N,) updates behind each measurement, rising.
        losses: (N,) mean loss since the measurement before, in nats per character.
        vocab_size: V; seq_length: T.
    Returns:
        (N,) nats per sequence of T characters, at each measurement.
    Source: Karpathy 2015, min-char-rnn.
    """
    smooth = -math.log(1 / vocab_size) * seq_length
    updates = np.diff(steps, prepend=0)
    found = []
    for n, loss in zip(updates.tolist(), losses.tolist(), strict=True):
        if math.isfinite(loss):
            kept = KEPT**n
            smooth = kept * smooth + (1 - kept) * loss * seq_length
        found.append(smooth)
    return np.array(found)


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


@dataclass(frozen=True)
class EpochLosses:
    """Nats per character."""

    training: tuple[float, ...]  # mean over each completed epoch; () when that was not measured
    validation: tuple[float, ...]  # after each epoch; as many, or () without a validation part
    test: float | None  # at the end


def epoch_losses(run: Run) -> EpochLosses:
    """What was measured at the end of each epoch."""
    columns = run.metrics()
    ends = np.isfinite(columns["epoch_loss"])
    training = columns["epoch_loss"][ends].tolist()
    validation = columns["val_loss"][ends].tolist()
    known = bool(np.isfinite(validation).all())
    test = measured(run, "test_loss")
    return EpochLosses(tuple(training), tuple(validation if known else ()), test)
