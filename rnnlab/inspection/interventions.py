"""Reading a text while units are held or moved: what each character costs then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnnlab.network.clamps import Changes
from rnnlab.network.diverged import check_values
from rnnlab.network.losses import log_softmax
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State, Tape

_CHUNK = 50  # characters whose every value is in memory at once
_BLOCK = 25  # characters: the changes at neighbouring ones go together
LOW, HIGH = 1, 99  # percentiles between which a unit usually lies


@dataclass(frozen=True)
class Usual:
    """Where the H units of a layer lie on real text."""

    low: np.ndarray  # (H,) 1st percentile
    mean: np.ndarray  # (H,)
    high: np.ndarray  # (H,) 99th percentile


def tapes(
    model: CharRNN,
    ids: np.ndarray,
    state: State | None = None,
    *,
    copies: int = 1,
    clamps: Changes = (),
    item_end: int | None = None,
) -> Iterator[Tape]:
    """Read a text (N,) piece by piece with the state carried on, as tapes of batch size `copies`.

    Args:
        state: where to go on from, of that batch size; zeros if None.
        item_end: for a network that learned single items, the character before each of them, which
            it reads from a zero state.
    """
    ends = [] if item_end is None else np.flatnonzero(ids == item_end)
    for number, item in enumerate(np.split(ids, ends)):
        state = None if number else state
        for start in range(0, len(item), _CHUNK):
            piece = np.broadcast_to(item[start : start + _CHUNK], (copies, _length(item, start)))
            tape = model.forward(piece, state, clamps=clamps)
            check_values(tape.logits)
            state = tape.final_state
            yield tape


def _length(item: np.ndarray, start: int) -> int:
    return min(_CHUNK, len(item) - start)


def character_losses(
    model: CharRNN,
    ids: np.ndarray,
    *,
    copies: int = 1,
    clamps: Changes = (),
    item_end: int | None = None,
) -> np.ndarray:
    """−ln p of every character of a text (N,) but the first, (copies, N − 1), in nats.

    Args:
        copies: how many rows read the same text, for interventions that differ from row to row.
        clamps, item_end: see `tapes`.
    Raises:
        ValueError: fewer than two characters, or values that grow beyond all numbers.
    """
    if len(ids) < 2:
        raise ValueError(
            f"The text has {len(ids)} character(s), but a prediction needs two: one to read and "
            "one to expect; choose a longer text."
        )
    found, start = np.empty((copies, len(ids) - 1)), 0
    for tape in tapes(model, ids[:-1], copies=copies, clamps=clamps, item_end=item_end):
        stop = start + tape.ids.shape[1]
        targets = np.broadcast_to(ids[start + 1 : stop + 1], (copies, stop - start))
        log_p = log_softmax(tape.logits)  # (copies, T, V)
        found[:, start:stop] = -np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0]
        start = stop
    return found


def usual_values(
    model: CharRNN, ids: np.ndarray, item_end: int | None = None
) -> dict[tuple[str, int], Usual]:
    """Where each state of each layer lies while the network reads a text (N,), N ≥ 1."""
    read = list(tapes(model, ids, item_end=item_end))
    found = {}
    for layer in range(model.architecture.num_layers):
        for name in model.cell.states:
            trace = np.concatenate([tape.trace(name, layer)[0] for tape in read])  # (N, H)
            low, high = np.percentile(trace, [LOW, HIGH], axis=0)
            found[name, layer] = Usual(low, trace.mean(axis=0, dtype=np.float64), high)
    return found


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
