"""What a change to some units costs, by the class of the character; and what each unit is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.interventions import character_losses, error_of_mean
from rnnlab.network.clamps import ClampEach
from rnnlab.network.models import CharRNN
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
    held.

    Args:
        ids: (N,) the text; the first `skip` characters are read but not counted.
        means: (H,) of the units, on real text.
        item_end: see `interventions.tapes`.
    Source: ablation as in Radford et al. 2017, arXiv:1704.01444, at the mean instead of zero.
    """
    first = max(skip - 1, 0)  # the first counted prediction
    untouched = character_losses(model, ids, item_end=item_end)[0, first:]  # (N,)
    ablated = _ablated(model, ids, name, layer, means, item_end)
    every = np.concatenate([rows[:, first:] - untouched for rows in ablated])  # (H, N)
    return Ranking(
        name=name,
        layer=layer,
        changes=every.mean(axis=1),
        errors=error_of_mean(every),
        loss=float(untouched.mean()),
        characters=every.shape[1],
    )


def _ablated(
    model: CharRNN,
    ids: np.ndarray,
    name: str,
    layer: int,
    means: np.ndarray,
    item_end: int | None,
) -> Iterator[np.ndarray]:
    """Losses with one unit held in each row, (up to 128, N) at a time."""
    units = np.arange(len(means))
    for rows in np.split(units, np.arange(_ROWS, len(units), _ROWS)):
        held = ClampEach(layer, name, rows, means[rows])
        yield character_losses(model, ids, copies=len(rows), clamps=[held], item_end=item_end)
