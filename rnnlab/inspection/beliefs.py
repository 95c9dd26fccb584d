"""What a network that classifies names believes: of whole names, letter by letter, and after a
single letter was exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.network.both_ways import PADDING
from rnnlab.network.losses import softmax
from rnnlab.network.naming import Reader

_AT_ONCE = 1000  # names; bounds the memory


def beliefs(model: Reader, names: Sequence[np.ndarray]) -> np.ndarray:
    """The probability of each label after the last symbol of each name, (names, labels).

    Args:
        names: ids, at least one each.
    """
    parts = [
        _read(model, names[start : start + _AT_ONCE]) for start in range(0, len(names), _AT_ONCE)
    ]
    return np.concatenate(parts)


def beliefs_by_letter(model: Reader, name: np.ndarray) -> np.ndarray:
    """What it believes when the name ends after each of its letters, (T, labels)."""
    return beliefs(model, [name[: t + 1] for t in range(len(name))])


@dataclass(frozen=True, eq=False)
class Exchanges:
    """What it believes when one letter of a name is exchanged for another."""

    original: np.ndarray  # (labels,) of the name as it is
    changed: np.ndarray  # (letters, T, labels), row by row another letter, column by column a place

    @property
    def guess(self) -> int:
        """What it takes the name for."""
        return int(self.original.argmax())

    @property
    def flips(self) -> np.ndarray:
        """(letters, T) bool: with this letter there, it takes the name for something else."""
        return self.changed.argmax(axis=2) != self.guess

    def strongest(self) -> tuple[int, int] | None:
        """Letter and place of the flip that it is surest of; None when no letter flips it."""
        sure = np.where(self.flips, self.changed.max(axis=2), -1.0)
        if not self.flips.any():
            return None
        letter, place = np.unravel_index(int(sure.argmax()), sure.shape)
        return int(letter), int(place)


def exchanges(model: Reader, name: np.ndarray, others: np.ndarray) -> Exchanges:
    """Every single letter of a name exchanged for each of some others.

    Args:
        name: (T,) ids.
        others: (letters, T) ids to put there, one row a letter, in upper case where the name is.
    """
    letters, length = others.shape
    rows = np.broadcast_to(name, (letters, length, length)).copy()  # (letters, T, T)
    for place in range(length):
        rows[:, place, place] = others[:, place]
    found = beliefs(model, [name, *rows.reshape(-1, length)])
    return Exchanges(found[0], found[1:].reshape(letters, length, -1))


def _read(model: Reader, names: Sequence[np.ndarray]) -> np.ndarray:
    lengths = np.array([len(name) for name in names])
    ids = np.full((len(names), lengths.max()), PADDING)  # (B, T)
    for row, name in enumerate(names):
        ids[row, : len(name)] = name
    logits = model.forward(ids).logits  # (B, T, labels)
    return softmax(logits[np.arange(len(names)), lengths - 1])
