"""Reading a text while units are held or moved: what each character costs then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rnnlab.network.clamps import Changes
from rnnlab.network.diverged import check_values
from rnnlab.network.losses import log_probability
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State, Tape

_CHUNK = 50  # characters whose every value is in memory at once
_MEASURED, _PIECES, _WARM_UP = 5_000, 20, 50  # characters, pieces, characters
_BLOCK = 25  # characters: the changes at neighbouring ones go together
LOW, HIGH = 1, 99  # percentiles between which a unit usually lies


@dataclass(frozen=True)
class Usual:
    """Where the H units of a layer lie on real text."""

    low: np.ndarray  # (H,) 1st percentile
    mean: np.ndarray  # (H,)
    high: np.ndarray  # (H,) 99th percentile


def item_starts(ids: np.ndarray, item_end: int | None) -> np.ndarray:
    """Where in a text (N,) a network begins anew: at each `item_end`, the character before an item
    of a network that learned single items; nowhere for None."""
    return np.flatnonzero(ids == item_end) if item_end is not None else np.empty(0, np.int64)


def tapes(
    model: CharRNN,
    ids: np.ndarray,
    state: State | None = None,
    *,
    copies: int = 1,
    clamps: Changes = (),
    starts: np.ndarray | None = None,
) -> Iterator[Tape]:
    """Read a text piece by piece with the state carried on, as tapes of batch size `copies`.

    Args:
        ids: (N,) one text for all rows, or (copies, N).
        state: where to go on from, of that batch size; zeros if None.
        starts: places from which it is read from a zero state, see `item_starts`.
    """
    for number, item in enumerate(np.split(ids, [] if starts is None else starts, axis=-1)):
        state = None if number else state
        for start in range(0, item.shape[-1], _CHUNK):
            piece = item[..., start : start + _CHUNK]
            rows = np.broadcast_to(piece, (copies, piece.shape[-1]))
            tape = model.forward(rows, state, clamps=clamps)
            check_values(tape.logits)
            state = tape.final_state
            yield tape


def following_losses(read: Iterable[Tape], targets: np.ndarray) -> np.ndarray:
    """−ln p of what follows each character that was read, (copies, N), in nats.

    Args:
        targets: (N,) ids of what follows.
    """
    found, start = [], 0
    for tape in read:
        rows, steps = tape.logits.shape[:2]
        follows = np.broadcast_to(targets[start : start + steps], (rows, steps))
        found.append(-log_probability(tape.logits, follows))
        start += steps
    return np.concatenate(found, axis=1).astype(np.float64)


def character_losses(
    model: CharRNN, ids: np.ndarray, *, clamps: Changes = (), item_end: int | None = None
) -> np.ndarray:
    """−ln p of every character of a text (N,) but the first, (N − 1,), in nats.

    Raises:
        ValueError: fewer than two characters, or values that grow beyond all numbers.
    """
    check_length(ids)
    starts = item_starts(ids[:-1], item_end)
    return following_losses(tapes(model, ids[:-1], clamps=clamps, starts=starts), ids[1:])[0]


def check_length(ids: np.ndarray) -> None:
    """Raise ValueError for a text in which nothing can be predicted."""
    if len(ids) < 2:
        raise ValueError(
            f"The text has {len(ids)} character(s), but a prediction needs two: one to read and "
            "one to expect; choose a longer text."
        )


def usual_values(
    model: CharRNN, ids: np.ndarray, item_end: int | None = None
) -> dict[tuple[str, int], Usual]:
    """Where each state of each layer lies while the network reads a text (N,), N ≥ 1.

    Measured on about 5,000 characters in pieces from all over the text, each read after the 50
    before it; of a network that learned single items, on the first 5,000.
    """
    rows, skip = _pieces(ids) if item_end is None else (ids[None, :_MEASURED], 0)
    starts = item_starts(rows[0], item_end)
    read = list(tapes(model, rows, copies=len(rows), starts=starts))
    found = {}
    for layer in range(model.architecture.num_layers):
        for name in model.cell.states:
            trace = np.concatenate([tape.trace(name, layer) for tape in read], axis=1)[:, skip:]
            every = trace.reshape(-1, trace.shape[-1])  # (characters, H)
            low, high = np.percentile(every, [LOW, HIGH], axis=0)
            found[name, layer] = Usual(low, every.mean(axis=0, dtype=np.float64), high)
    return found


def _pieces(ids: np.ndarray) -> tuple[np.ndarray, int]:
    """Evenly spread pieces of a text, (pieces, T), and how much of each only warms it up; a short
    text is one piece."""
    size = _WARM_UP + _MEASURED // _PIECES
    if len(ids) < _PIECES * size:
        return ids[None, : _PIECES * size], 0
    begins = np.linspace(0, len(ids) - size, _PIECES).astype(np.int64)
    return ids[begins[:, None] + np.arange(size)], _WARM_UP


def error_of_mean(values: np.ndarray) -> np.ndarray:
    """Standard error of the mean over the characters of a text, (…, N) → (…).

    Taken over blocks of 25 characters, because what changes one prediction often changes the next:
    single characters would make the mean look surer than it is. NaN for fewer than two blocks.
    """
    blocks = values.shape[-1] // _BLOCK
    if blocks < 2:
        return np.full(values.shape[:-1], np.nan)
    whole = values[..., : blocks * _BLOCK].reshape(*values.shape[:-1], blocks, _BLOCK)
    return whole.mean(axis=-1).std(axis=-1, ddof=1) / np.sqrt(blocks)
