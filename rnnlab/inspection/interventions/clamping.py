"""What clamping units costs: by character and class of character, and unit by unit.

Units are held at their mean on real text, not at zero (ablation as in Radford et al. 2017,
arXiv:1704.01444).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.clamps import Changes, ClampEach
from rnnlab.network.losses import log_probability
from rnnlab.network.reading import item_starts, read, spread
from rnnlab.network.tape import State, Tape, check_values
from rnnlab.text.features import CLASS_NAMES

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


def tapes(
    model: CharRNN,
    ids: np.ndarray,
    state: State | None = None,
    *,
    copies: int = 1,
    clamps: Changes = (),
    starts: np.ndarray | None = None,
) -> Iterator[Tape]:
    """Read one text (N,) in `copies` rows, as `network.reading.read` does.

    Raises:
        DivergedModelError: the values leave the range of numbers, as those of moved units may.
    """
    rows = np.broadcast_to(ids, (copies, ids.shape[-1]))
    for tape in read(model, rows, state=state, clamps=clamps, starts=starts, chunk=_CHUNK):
        check_values(tape.logits)
        yield tape


def following_losses(tapes_read: Iterable[Tape], targets: np.ndarray) -> np.ndarray:
    """−ln p of what follows each character that was read, (copies, N), in nats.

    Args:
        targets: (N,) ids of what follows.
    """
    found, start = [], 0
    for tape in tapes_read:
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
    tapes_read = list(tapes(model, rows, copies=len(rows), starts=starts))
    found = {}
    for layer in range(model.architecture.num_layers):
        for name in model.cell.states:
            trace = np.concatenate([tape.trace(name, layer) for tape in tapes_read], axis=1)[
                :, skip:
            ]
            every = trace.reshape(-1, trace.shape[-1])  # (characters, H)
            low, high = np.percentile(every, [LOW, HIGH], axis=0)
            found[name, layer] = Usual(low, every.mean(axis=0, dtype=np.float64), high)
    return found


def _pieces(ids: np.ndarray) -> tuple[np.ndarray, int]:
    """Evenly spread pieces of a text, (pieces, T), and how much of each only warms it up; a short
    text is one piece."""
    size = _MEASURED // _PIECES
    if len(ids) < _PIECES * (_WARM_UP + size):
        return ids[None, : _PIECES * (_WARM_UP + size)], 0
    return ids[spread(len(ids), size, _PIECES, _WARM_UP)], _WARM_UP


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


NOISE = 3.0  # standard errors: of a thousand units without effect, three stray farther by luck
_ROWS = 128  # ablated copies read at once; bounds the memory


@dataclass(frozen=True)
class ClassCost:
    """One class of characters before and after a change of the network."""

    name: str
    count: int  # characters of the class
    before: float  # nats per character of the class
    after: float
    share: float  # of the overall change: these add up to it, in nats per character of the text
    error: float  # standard error of `share`


@dataclass(frozen=True)
class Cost:
    """A text read by the network as it is and as it is changed."""

    before: float  # nats per character
    after: float
    error: float  # standard error of the change
    classes: tuple[ClassCost, ...]  # those that occur, in the order of CLASSES

    @property
    def change(self) -> float:
        return self.after - self.before


def cost(before: np.ndarray, after: np.ndarray, classes: np.ndarray) -> Cost:
    """Divide a change of loss among the classes of the characters that were to be predicted.

    Args:
        before, after: (N,) losses of the same characters, in nats.
        classes: (N,) their classes, from `classify`.
    """
    change = after - before
    return Cost(
        before=float(before.mean()),
        after=float(after.mean()),
        error=float(error_of_mean(change)),
        classes=tuple(
            _class_cost(name, classes == place, before, after)
            for place, name in enumerate(CLASS_NAMES)
            if (classes == place).any()
        ),
    )


def _class_cost(name: str, belongs: np.ndarray, before: np.ndarray, after: np.ndarray) -> ClassCost:
    change = np.where(belongs, after - before, 0.0)
    return ClassCost(
        name=name,
        count=int(belongs.sum()),
        before=float(before[belongs].mean()),
        after=float(after[belongs].mean()),
        share=float(change.mean()),
        error=float(error_of_mean(change)),
    )


@dataclass(frozen=True)
class CostRanking:
    """What holding each unit of a layer at its mean costs, one unit at a time."""

    name: str  # "h" or "c"
    layer: int
    changes: np.ndarray  # (H,) Δ_j, nats per character
    errors: np.ndarray  # (H,) standard errors
    loss: float  # of the untouched network, nats per character
    characters: int  # predicted and counted

    @property
    def order(self) -> np.ndarray:
        """(H,) the units, the dearest first."""
        return np.argsort(-self.changes, kind="stable")

    @property
    def is_noise(self) -> np.ndarray:
        """(H,) whether luck alone could explain the change."""
        return ~(np.abs(self.changes) > NOISE * self.errors)


def ranking(
    model: CharRNN,
    ids: np.ndarray,
    name: str,
    layer: int,
    means: np.ndarray,
    *,
    skip: int = 0,
    item_end: int | None = None,
) -> CostRanking:
    """Δ_j = L(s_j := mean_j) − L for every unit j, where s is h or c of one layer.

    All units at once: the text stands in the batch once for each of them, and in row j unit j is
    held. The layers below, where nothing changes, are read once for all.

    Args:
        ids: (N,) the text; the first `skip` characters are read but not counted.
        means: (H,) of the units, on real text.
        item_end: before each item of a network that learned single items.
    Raises:
        ValueError: fewer than two characters, or values that grow beyond all numbers.
    Source: ablation as in Radford et al. 2017, arXiv:1704.01444, at the mean instead of zero.
    """
    check_length(ids)
    first = max(skip - 1, 0)  # the first counted prediction
    starts = item_starts(ids[:-1], item_end)
    upper, places = _from_layer(model, ids[:-1], layer, starts)
    tapes_read = tapes(upper, places, starts=starts)
    untouched = following_losses(tapes_read, ids[1:])[:, first:]  # (1, N)
    changes = []
    for units in np.split(np.arange(len(means)), np.arange(_ROWS, len(means), _ROWS)):
        held = ClampEach(0, name, units, means[units])
        tapes_read = tapes(upper, places, copies=len(units), clamps=[held], starts=starts)
        changes.append(following_losses(tapes_read, ids[1:])[:, first:] - untouched)
    every = np.concatenate(changes)  # (H, N)
    return CostRanking(
        name=name,
        layer=layer,
        changes=every.mean(axis=1),
        errors=error_of_mean(every),
        loss=float(untouched.mean()),
        characters=every.shape[1],
    )


def _from_layer(
    model: CharRNN, ids: np.ndarray, layer: int, starts: np.ndarray
) -> tuple[CharRNN, np.ndarray]:
    """The layers from this one on as a network of their own, and what it reads.

    Its characters are the places of the text, and the embedding of a place is what the layer below
    says there.
    """
    if layer == 0:
        return model, ids
    sizes = model.architecture
    tapes_read = tapes(model, ids, starts=starts)
    below = np.concatenate([tape.trace("h", layer - 1)[0] for tape in tapes_read])  # (N, H)
    height = sizes.num_layers - layer
    upper = Architecture(
        sizes.cell, len(ids), sizes.hidden_size, sizes.hidden_size, height, sizes.outputs
    )
    params = {"embedding.weight": below}
    for k in range(height):
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            params[f"rnn.{kind}_l{k}"] = model.params[f"rnn.{kind}_l{k + layer}"]
    params |= {name: model.params[name] for name in ("decoder.weight", "decoder.bias")}
    return CharRNN(upper, params), np.arange(len(ids))
