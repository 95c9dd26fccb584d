"""A whole text read at once, place by place: the way an evaluation reads it, with all values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnlab.network.models import CharRNN
from rnnlab.network.tape import Tape
from rnnlab.training.evaluation import stream_batches

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
