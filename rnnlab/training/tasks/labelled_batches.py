"""Names with labels in batches: read to the end, then one label to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.text.batching import Batch, EpochOrder
from rnnlab.text.corpus import CorpusError

EPOCH = 1000  # draws; drawing labels first never comes to an end by itself


@dataclass(frozen=True)
class Examples:
    """Names as symbols, and what each is."""

    names: list[np.ndarray]  # (N,) ids each
    labels: np.ndarray  # (names,) int


def batch_of(examples: Examples, rows: Sequence[int] | np.ndarray, weights: np.ndarray) -> Batch:
    """Names side by side, filled up with symbol 0; only the last real step has a target.

    Args:
        weights: (labels,) how much the loss of a name of each label counts.
    """
    names = [examples.names[row] for row in rows]
    inputs = np.zeros((len(names), max(map(len, names))), np.int64)  # (B, T)
    mask = np.zeros(inputs.shape, bool)
    for row, name in enumerate(names):
        inputs[row, : len(name)] = name
        mask[row, len(name) - 1] = True
    labels = examples.labels[rows]  # (B,)
    targets = np.broadcast_to(labels[:, None], inputs.shape)
    is_plain = bool((weights == 1).all())
    shares = None if is_plain else np.broadcast_to(weights[labels][:, None], inputs.shape)
    return Batch(inputs, targets, carry=False, mask=mask, weights=shares)


def class_weights(labels: np.ndarray, number: int, power: float) -> np.ndarray:
    """How much each of `number` labels counts: one over its share, to a power; the mean over these
    names is 1."""
    counts = np.maximum(np.bincount(labels, minlength=number), 1)
    weights = (1 / counts) ** power
    return weights / weights[labels].mean()


class LabelledBatches:
    """All names once an epoch in a new order, or labels drawn first and then one of their names.

    Args:
        balanced: draw each label as often as each other, whatever the number of its names.
    Raises:
        CorpusError: fewer names than a batch holds.
    """

    def __init__(
        self, examples: Examples, weights: np.ndarray, batch_size: int, seed: int, balanced: bool
    ) -> None:
        n = len(examples.names)
        if n < batch_size:
            raise CorpusError(
                f"The training part has {n:,} names, but a batch needs {batch_size:,}; lower the "
                "batch size or use more names."
            )
        self._examples, self._weights = examples, weights
        self._seed, self._batch_size = seed, batch_size
        self._order = EpochOrder(n, batch_size, seed)
        self._by_label = [
            np.flatnonzero(examples.labels == label) for label in np.unique(examples.labels)
        ]
        self._is_balanced = balanced
        epoch = max(1, EPOCH // batch_size)
        self.updates_per_epoch = epoch if balanced else self._order.updates_per_epoch
        self.characters_per_update = float(batch_size)  # one target for each name

    def batch(self, step: int) -> Batch:
        """The names of this step; the same whenever it is asked for."""
        rows = self._drawn(step) if self._is_balanced else self._order.rows(step)
        return batch_of(self._examples, rows, self._weights)

    def _drawn(self, step: int) -> np.ndarray:
        rng = np.random.default_rng((self._seed, step))
        labels = rng.integers(len(self._by_label), size=self._batch_size)
        return np.array([rng.choice(self._by_label[label]) for label in labels])
