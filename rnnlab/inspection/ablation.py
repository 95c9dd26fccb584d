"""What a change to some units costs, by the class of the character; and what each unit is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.interventions import (
    check_length,
    error_of_mean,
    following_losses,
    item_starts,
    tapes,
)
from rnnlab.network.clamps import ClampEach
from rnnlab.network.models import Architecture, CharRNN
from rnnlab.text.character_classes import NAMES

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
            for place, name in enumerate(NAMES)
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
class Ranking:
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
) -> Ranking:
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
    read = tapes(upper, places, starts=starts)
    untouched = following_losses(read, ids[1:])[:, first:]  # (1, N)
    changes = []
    for units in np.split(np.arange(len(means)), np.arange(_ROWS, len(means), _ROWS)):
        held = ClampEach(0, name, units, means[units])
        read = tapes(upper, places, copies=len(units), clamps=[held], starts=starts)
        changes.append(following_losses(read, ids[1:])[:, first:] - untouched)
    every = np.concatenate(changes)  # (H, N)
    return Ranking(
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
    read = tapes(model, ids, starts=starts)
    below = np.concatenate([tape.trace("h", layer - 1)[0] for tape in read])  # (N, H)
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
