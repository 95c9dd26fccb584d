"""The one way to read a text with a network: in chunks, with the state carried on, as tapes.

Beside it: the state after a text, a window after all that stands before it, and places spread
over a long text, each read after a warm-up.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.tape import State, Tape
from rnnlab.training.evaluation import stream_batches

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


Piece = tuple[np.ndarray, np.ndarray, Tape]  # places that were read, which of them count, values


def read_streams(model: CharRNN, ids: np.ndarray, streams: int | None = None) -> Iterator[Piece]:
    """Read a text as parallel streams, each of which carries its state along.

    Args:
        ids: (N,) the text.
        streams: as `stream_batches` takes it.
    Yields:
        (B, T) places in the text, (B, T) bool which of them count, and their tape. Every place but
        the last counts exactly once; what is predicted there stands at the next one.
    """
    state = None
    for batch in stream_batches(np.arange(len(ids)), streams):  # places instead of characters
        tape = model.forward(ids[batch.inputs], state if batch.carry else None)
        state = tape.final_state
        assert batch.mask is not None  # streams always say which places count
        yield batch.inputs, batch.mask, tape
