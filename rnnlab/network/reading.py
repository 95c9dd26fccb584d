"""The one way to read a text with a network: in chunks, with the state carried on, as tapes.

Beside it: the state after a text, a window after all that stands before it, places spread over a
long text, and a long text as parallel streams.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.clamps import Changes
from rnnlab.network.tape import State, Tape

CHUNK = 256  # steps whose every value is in memory at once
WARM_UP = 200  # characters read before the counted ones, so that a stream begins with a memory
MIN_STREAM = 1000  # counted characters in a stream, so that warming up stays cheap
MAX_STREAMS = 128
STREAM_CHUNK = 100  # characters of each stream at once; bounds the memory, not the result


def read(
    model: CharRNN,
    ids: np.ndarray,
    *,
    state: State | None = None,
    clamps: Changes = (),
    starts: np.ndarray | None = None,
    chunk: int = CHUNK,
) -> Iterator[Tape]:
    """Read a text from left to right; the tapes of its chunks, one after another.

    Args:
        ids: (N,) one text, or (B, N) texts side by side.
        state: where to go on from, of batch size B; zeros if None.
        clamps: units held at a value or moved by one.
        starts: places from which it is read from a zero state, see `item_starts`.
        chunk: steps in a tape, at most.
    """
    rows = np.atleast_2d(ids)
    for number, item in enumerate(np.split(rows, [] if starts is None else starts, axis=1)):
        state = None if number else state
        for begin in range(0, item.shape[1], chunk):
            tape = model.forward(item[:, begin : begin + chunk], state, clamps=clamps)
            state = tape.final_state
            yield tape


def item_starts(ids: np.ndarray, item_end: int | None) -> np.ndarray:
    """Where in a text (N,) a network begins anew: at each `item_end`, the character before an item
    of a network that learned single items; nowhere for None."""
    return np.flatnonzero(ids == item_end) if item_end is not None else np.empty(0, np.int64)


def state_after(model: CharRNN, ids: np.ndarray) -> State:
    """The state once a text (N,) is read, in little memory; zeros after no text."""
    state = model.initial_state(1)
    for tape in read(model, ids, state=state):
        state = tape.final_state
    return state


def window(model: CharRNN, ids: np.ndarray, start: int, stop: int) -> Tape:
    """Read ids[:stop] and keep what happened from `start` on; a tape of batch size 1.

    Args:
        ids: (N,) a text.
        start, stop: the window, 0 ≤ start < stop ≤ N.
    """
    return model.forward(ids[None, start:stop], state_after(model, ids[:start]))


def spread(total: int, size: int, pieces: int, warm_up: int) -> np.ndarray:
    """Places of pieces of a text, spread evenly over it, (pieces, warm_up + size).

    Args:
        total: characters of the text, at least warm_up + size.
        size: counted characters of a piece; the `warm_up` before them are read first.
    """
    begins = np.linspace(0, total - size - warm_up, pieces).astype(np.int64)
    return begins[:, None] + np.arange(warm_up + size)


# Places that are read, (B, T), bool which of them count, and whether they go on from those before.
StreamPlaces = tuple[np.ndarray, np.ndarray, bool]


def stream_places(total: int, streams: int | None = None) -> Iterator[StreamPlaces]:
    """Where parallel streams read a text, whose joint loss is nearly that of one carried stream.

    Each stream but the first reads the 200 true characters before its own stretch without their
    being counted; so every character but the first of the text is predicted and counted once.
    With W warm-up characters, S streams of C counted ones and n predictions in all, stream s reads
    the places s·C … s·C + W + C and counts from s·C + W on; stream 0 counts from 0; W + S·C ≥ n.

    Args:
        total: characters of the text.
        streams: S; None takes about one for each 1,000 characters.
    """
    n = total - 1  # predictions
    if n < 1:
        return
    if streams is None:
        streams = max(1, min(MAX_STREAMS, n // MIN_STREAM))
    counted = max(1, -(-(n - WARM_UP) // streams))  # C
    first = np.arange(streams)[:, None] * counted  # (S, 1) where each stream begins
    columns = np.arange(min(n, WARM_UP + counted))  # (W + C,)
    places = first + columns  # (S, W + C)
    mask = (places < n) & ((columns >= WARM_UP) | (first == 0))
    places = np.minimum(places, n - 1)
    for start in range(0, len(columns), STREAM_CHUNK):
        chunk = slice(start, start + STREAM_CHUNK)
        yield places[:, chunk], mask[:, chunk], start > 0


Piece = tuple[np.ndarray, np.ndarray, Tape]  # places that were read, which of them count, values


def read_streams(model: CharRNN, ids: np.ndarray, streams: int | None = None) -> Iterator[Piece]:
    """Read a text as parallel streams, each of which carries its state along.

    Args:
        ids: (N,) the text.
        streams: as `stream_places` takes it.
    Yields:
        (B, T) places in the text, (B, T) bool which of them count, and their tape. Every place but
        the last counts exactly once; what is predicted there stands at the next one.
    """
    state = None
    for places, counts, carry in stream_places(len(ids), streams):
        tape = model.forward(ids[places], state if carry else None)
        state = tape.final_state
        yield places, counts, tape
