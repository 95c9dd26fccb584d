"""Reading a text with the glass box open: one tape, and one unit of it."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.ordering import ORDERS, order_units
from rnnlab.inspection.passages import Passage, top_passages
from rnnlab.inspection.projection import Projection, state_path
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State, Tape

__all__ = [
    "ORDERS",
    "Passage",
    "Projection",
    "order_units",
    "read",
    "state_path",
    "top_passages",
    "unit_line",
]


def read(model: CharRNN, ids: np.ndarray, state: State | None = None) -> Tape:
    """Everything that the network computes while it reads one text.

    Args:
        ids: (T,) characters, at least one.
        state: where to go on from, of batch size 1; None begins with an empty memory.
    Returns:
        A tape of batch size 1: `tape.trace(name, layer)[0]` is (T, H).
    """
    ids = np.asarray(ids, dtype=np.int64)
    if ids.size == 0:
        raise ValueError("There is no text to read; type at least one character.")
    return model.forward(ids[None], state)


def unit_line(tape: Tape, name: str, layer: int, unit: int) -> np.ndarray:
    """One value of one unit over the text, (T,), of a tape of batch size 1.

    Raises:
        ValueError: there is no such layer, value or unit.
    """
    trace = tape.trace(name, layer)[0]  # (T, H)
    if not 0 <= unit < trace.shape[1]:
        raise ValueError(
            f"Layer {layer} has {trace.shape[1]} units, counted from 0; unit {unit} does not exist."
        )
    return trace[:, unit]
