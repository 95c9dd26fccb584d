"""What an engine is: it turns batches into better weights and measures how good they are.

Also here: how both engines name the arrays of a saved state, and refuse one that does not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rnnlab.text.batching import Batch
from rnnlab.training.evaluation import Evaluation

SavedState = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Update:
    """What one update saw."""

    loss: float  # nats per character over the counted targets, before the update
    grad_norm: float  # of all gradients together, before clipping


class Engine(Protocol):
    """Owns the weights while they are learned, the optimizer's memory and the carried state."""

    @property
    def description(self) -> str:
        """Where it computes: 'cpu, 1 thread'."""
        ...

    def update(self, batch: Batch, learning_rate: float, clipping: str, grad_clip: float) -> Update:
        """Learn from one batch."""
        ...

    def evaluate(self, batches: Iterable[Batch]) -> Evaluation:
        """Loss and accuracy over these batches; leaves the training state as it was."""
        ...

    def params(self) -> dict[str, np.ndarray]:
        """Copies of the weights as float32, with torch's names."""
        ...

    def state(self) -> SavedState:
        """Everything that an exactly equal continuation needs, as named arrays.

        `params.<name>`; the optimizer's `<slot>.<name>` and `count`; the carried `carried.h` and
        `carried.c`, each (L, B, H), where there is one; `threads`, once chosen.
        """
        ...

    def load_state(self, state: SavedState) -> None:
        """Go on from what `state` gave; either engine reads the other's.

        Raises:
            StateError: the state belongs to other sizes or another optimizer.
        """
        ...


_WITH_ANY_OPTIMIZER = ("params", "carried", "count", "threads")
_WHAT_TO_DO = "Start a new run with this run's settings."


class StateError(ValueError):
    """A saved training state fits other settings than the run's; the message says in what."""


def with_prefix(prefix: str, arrays: Mapping[str, np.ndarray]) -> SavedState:
    """Arrays under `<prefix>.<name>`."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def taken(state: SavedState, prefix: str, shapes: Mapping[str, tuple[int, ...]]) -> SavedState:
    """The arrays of a state under `<prefix>.<name>`, by name.

    Raises:
        StateError: one is missing or has another shape.
    """
    found = {}
    for name, shape in shapes.items():
        key = f"{prefix}.{name}"
        if key not in state:
            raise StateError(
                f"The saved training state has no '{key}', but this run needs it with shape "
                f"{shape}: it was saved with other settings. {_WHAT_TO_DO}"
            )
        if state[key].shape != shape:
            raise StateError(
                f"'{key}' in the saved training state has shape {state[key].shape}, but this run "
                f"needs {shape}: it was saved with other settings. {_WHAT_TO_DO}"
            )
        found[name] = state[key]
    return found


def check_slots(state: SavedState, slots: Iterable[str]) -> None:
    """Refuse the memory of another optimizer.

    Raises:
        StateError: the state has slots that this optimizer does not know.
    """
    own = sorted(slots)
    unknown = sorted({key.partition(".")[0] for key in state} - {*own, *_WITH_ANY_OPTIMIZER})
    if unknown:
        kept = " and ".join(f"'{name}'" for name in own) or "nothing"
        raise StateError(
            f"The saved training state has '{unknown[0]}', which this run's optimizer does not "
            f"use (it keeps {kept}): it was saved with other settings. {_WHAT_TO_DO}"
        )
