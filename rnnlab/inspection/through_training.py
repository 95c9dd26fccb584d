"""The same text read by the same network at different moments of its training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from rnnlab.network.models import CharRNN


def spread_steps(steps: Sequence[int], count: int) -> list[int]:
    """At most `count` of the steps, evenly spread over the list, first and last among them."""
    if len(steps) <= count:
        return list(steps)
    places = np.linspace(0, len(steps) - 1, count).round().astype(int)
    return [steps[place] for place in places]


def through_training(
    models: Iterable[CharRNN], ids: np.ndarray, name: str, layer: int, skip: int = 0
) -> np.ndarray:
    """One value over the text at each moment, (moments, T − skip, H) float16.

    Args:
        models: the network at each moment; they are asked for one at a time.
        ids: (T,) the text.
        name, layer: as `Tape.trace` takes them.
        skip: characters at the beginning that are read and left out.
    """
    with np.errstate(over="ignore"):  # beyond half precision is infinite, which figures leave out
        return np.stack(
            [m.forward(ids[None]).trace(name, layer)[0, skip:].astype(np.float16) for m in models]
        )
