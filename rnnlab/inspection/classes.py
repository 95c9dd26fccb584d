"""How well things were told apart: a confusion matrix and what is read from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def confusion_matrix(
    labels: Sequence[str], truth: Sequence[str], predicted: Sequence[str]
) -> np.ndarray:
    """How often each label (row) was taken for each (column), (labels, labels) int."""
    place = {label: k for k, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), int)
    for true, guess in zip(truth, predicted, strict=True):
        counts[place[true], place[guess]] += 1
    return counts


def accuracy(confusion: np.ndarray) -> float:
    """Share of the things whose label was found, 0 to 1; NaN without any."""
    total = confusion.sum()
    return float(np.trace(confusion) / total) if total else float("nan")


def f1_scores(confusion: np.ndarray) -> np.ndarray:
    """Harmonic mean of precision and recall of each label, (labels,); 0 where nothing was found."""
    hits = np.diagonal(confusion).astype(float)
    both = confusion.sum(axis=0) + confusion.sum(axis=1)  # predicted so, and truly so
    return np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)


def macro_f1(confusion: np.ndarray) -> float:
    """The mean of the labels' F1: every label counts the same, however rare."""
    return float(f1_scores(confusion).mean())
