"""Curves made ready for drawing: units, smoothing that stays put, and fewer points."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np

from rnnlab.network.losses import bits_per_character, perplexity

LossUnit = Literal["nats", "bits", "perplexity"]

LOSS_UNITS: dict[LossUnit, str] = {
    "nats": "nats per character",
    "bits": "bits per character",
    "perplexity": "perplexity",
}
Unit = Literal[LossUnit, "accuracy"]
UNITS: tuple[Unit, ...] = (*LOSS_UNITS, "accuracy")
_CONVERSIONS: dict[LossUnit, Callable[[np.ndarray], np.ndarray]] = {
    "nats": np.asarray,
    "bits": bits_per_character,
    "perplexity": perplexity,
}

_MAX_FLOAT32 = float(np.finfo(np.float32).max)
_EXPLODED = 1e5  # digits after it say nothing any more
_EXPLODES = 1000.0  # times the median: on a linear axis all the rest would be a flat line


def in_unit(losses: np.ndarray, unit: LossUnit) -> np.ndarray:
    """Losses in nats per character as bits per character or perplexity; NaN stays NaN."""
    return _CONVERSIONS[unit](np.asarray(losses, dtype=np.float64))


def loss_text(nats: float | None, unit: LossUnit) -> str:
    """A loss in nats per character as a number of another unit; a dash when there is none.

    The perplexity of a loss that exploded may be ∞.
    """
    if nats is None:
        return "–"
    loss = float(in_unit(np.array(nats), unit))
    if math.isinf(loss):
        return "∞"
    return f"{loss:.3f}" if abs(loss) < _EXPLODED else f"{loss:.2g}"


def accuracy_text(share: float | None) -> str:
    """A share of right predictions, 0 to 1, in percent; a dash when there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def foreseen(tasks: Iterable[str]) -> str:
    """What runs of these tasks get right, of which an accuracy is the share."""
    rights = {
        "names classified right" if task == "language" else "next characters foreseen"
        for task in tasks
    }
    return rights.pop() if len(rights) == 1 else "right predictions"


def explodes(y: np.ndarray) -> bool:
    """Whether a few of some finite numbers are so large that all others would look alike."""
    return len(y) > 0 and bool(y.max() > _EXPLODES * np.median(y))


def measured(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points of a curve that can be drawn: numbers that the browser gets in float32.

    The perplexity of a loss beyond 88 nats is none, as of a run that diverged; nor is NaN.
    """
    kept = (np.abs(x) <= _MAX_FLOAT32) & (np.abs(y) <= _MAX_FLOAT32)
    return x[kept], y[kept]


def smoothed(y: np.ndarray, weight: float) -> np.ndarray:
    """A running average that forgets by `weight` a point, corrected for its start at zero.

    Past points never change when new ones come. Args: y (N,) finite; weight 0 (as it is) to 0.99.
    Source: TensorBoard's smoothing, debiased as in Kingma & Ba 2015, arXiv:1412.6980.
    """
    if weight <= 0 or not len(y):
        return np.asarray(y, dtype=np.float64)
    weight = min(weight, 0.99)
    averages, last = [], 0.0
    for value in np.asarray(y, dtype=np.float64).tolist():
        last = weight * last + (1 - weight) * value
        averages.append(last)
    return np.array(averages) / (1 - weight ** np.arange(1, len(y) + 1))


def thinned(x: np.ndarray, y: np.ndarray, points: int) -> tuple[np.ndarray, np.ndarray]:
    """At most about `points` of a curve: lowest and highest of each bucket, and the last point.

    Buckets double in size as the curve grows; in between, points that were drawn stay where they
    are.
    """
    if len(x) <= points:
        return x, y
    bucket = 2
    while 2 * len(x) > bucket * points:
        bucket *= 2
    whole = len(x) // bucket * bucket
    starts = np.arange(0, whole, bucket)
    rows = y[:whole].reshape(-1, bucket)
    chosen = [starts + rows.argmin(axis=1), starts + rows.argmax(axis=1), [len(x) - 1]]
    if whole < len(x):  # the bucket that still fills
        chosen.append([whole + y[whole:].argmin(), whole + y[whole:].argmax()])
    kept = np.unique(np.concatenate(chosen))
    return x[kept], y[kept]


def latest(y: np.ndarray) -> float | None:
    """The last finite value of a column; None when there is none."""
    finite = y[np.isfinite(y)]
    return float(finite[-1]) if len(finite) else None


def smoothed_latest(y: np.ndarray, weight: float) -> float | None:
    """The last value of the smoothed curve; None when there is none."""
    finite = y[np.isfinite(y)]
    return latest(smoothed(finite[-1000:], weight))  # 0.99 ** 1000 is nothing
