"""How far back a network remembers: its loss when it may only read the last k characters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.losses import log_probability
from rnnlab.network.models import CharRNN
from rnnlab.text.ngrams import NgramLadder

LONGEST = 128  # characters
TARGETS = 500  # predicted characters, the same ones for every k
NEARLY_ALL = 0.98  # of what remembering gains: the knee
_ROWS = 128  # texts read at once; bounds the memory


@dataclass(frozen=True)
class MemoryLength:
    """L(k) = mean −ln p(y_t | x_{t−k+1} … x_t, h_0 = 0) over the same targets for every k."""

    losses: np.ndarray  # (K,) nats per character, for k = 1 … K

    @property
    def gain(self) -> float:
        """What reading K characters instead of one is worth, in nats per character."""
        return float(self.losses[0] - self.losses[-1])

    @property
    def knee(self) -> int | None:
        """The smallest k from which nearly all of the gain is there for good; None without one."""
        if self.gain <= 0:
            return None
        missing = self.losses > self.losses[0] - NEARLY_ALL * self.gain
        return int(np.flatnonzero(missing)[-1]) + 2 if missing.any() else 1


def needed(longest: int = LONGEST, targets: int = TARGETS) -> int:
    """How many characters a text must have."""
    return longest + targets


def memory_length(
    model: CharRNN, ids: np.ndarray, *, longest: int = LONGEST, targets: int = TARGETS
) -> MemoryLength:
    """Measure L(k) for k = 1 … K.

    The network starts from a zero state at every place of the text and reads K characters: what
    it says after k of them counts for k, at the place that was reached. So one pass gives all k.

    Args:
        ids: (N,) a text it did not learn from; its first K + targets characters are used.
        longest: K.
    Raises:
        ValueError: the text is too short.
    """
    if len(ids) < needed(longest, targets):
        raise ValueError(
            f"The text has {len(ids):,} characters that this network knows, but measuring how far "
            f"it remembers needs {needed(longest, targets):,}; choose a longer one."
        )
    steps = np.arange(longest)  # (K,)
    sums = np.zeros(longest)
    starts = np.arange(longest + targets - 1)
    for rows in np.split(starts, np.arange(_ROWS, len(starts), _ROWS)):
        places = rows[:, None] + steps  # (S, K) of the last character read
        counted = (places >= longest - 1) & (places < longest - 1 + targets)
        places = np.minimum(places, len(ids) - 2)
        chosen = log_probability(model.forward(ids[places]).logits, ids[places + 1])  # (S, K)
        sums -= np.where(counted, chosen, 0.0).sum(axis=0, dtype=np.float64)
    return MemoryLength(sums / targets)


def ladder_there(
    models: NgramLadder, ids: np.ndarray, *, longest: int = LONGEST, targets: int = TARGETS
) -> tuple[float, ...]:
    """The losses of n-gram models of orders 0, 1, … over the targets of `memory_length`."""
    logs = models.log_probabilities(ids[: needed(longest, targets)])  # of all but the first
    return tuple((-logs[:, longest - 1 :].mean(axis=1)).tolist())
