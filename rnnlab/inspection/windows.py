"""A window of a text, read with everything that stands before it."""

from __future__ import annotations

import numpy as np

from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State, Tape

_CHUNK = 256  # steps whose every value is in memory at once


def read_window(model: CharRNN, ids: np.ndarray, start: int, stop: int) -> Tape:
    """Read ids[:stop] and keep what happened from `start` on; a tape of batch size 1.

    Args:
        ids: (N,) a text.
        start, stop: the window, 0 ≤ start < stop ≤ N.
    """
    return model.forward(ids[None, start:stop], state_after(model, ids[:start]))


def state_after(model: CharRNN, ids: np.ndarray) -> State:
    """The state once a text (N,) is read, in little memory; zeros after no text."""
    state = model.initial_state(1)
    for begin in range(0, len(ids), _CHUNK):
        state = model.forward(ids[None, begin : begin + _CHUNK], state).final_state
    return state
