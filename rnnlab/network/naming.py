"""Writing a name letter by letter: from its beginning to the sign that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from rnnlab.network.choosing import draw, weigh

LONGEST = 60  # letters; then a name is broken off


class Reader(Protocol):
    """A network of any kind that reads symbols one after another."""

    def forward(self, ids: np.ndarray, state: Any = None) -> Any:
        """Read (B, T) symbols: `.logits` (B, T, outputs) and `.final_state`."""
        ...


def finish_name(
    model: Reader,
    start: Sequence[int] | np.ndarray,
    end: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
) -> list[int]:
    """The symbols that follow the beginning of a name, without the one that ends it.

    Args:
        start: (N,) ids of the beginning, at least one.
        end: the id of the sign that ends a name.
    Raises:
        DivergedModelError: the network computes no numbers any more.
    """
    reading = model.forward(np.asarray(start)[None])
    written: list[int] = []
    while len(written) < LONGEST:
        weights = weigh(reading.logits[0, -1], temperature)
        chosen = draw(weights.cumsum(), rng.random())
        if chosen == end:
            break
        written.append(chosen)
        reading = model.forward(np.array([[chosen]]), reading.final_state)
    return written
