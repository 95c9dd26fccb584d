"""What an engine is: it turns batches into better weights, and measures how good they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rnnlab.text.batching import Batch
from rnnlab.training.evaluation import Evaluation

State = dict[str, np.ndarray]


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

    def state(self) -> State:
        """Everything that an exactly equal continuation needs, as named arrays.

        `params.<name>`; the optimizer's `<slot>.<name>` and `count`; the carried `carried.h` and
        `carried.c`, each (L, B, H), where there is one; `threads`, once chosen.
        """
        ...

    def load_state(self, state: State) -> None:
        """Go on from what `state` gave; either engine reads the other's.

        Raises:
            StateError: the state belongs to other sizes or another optimizer.
        """
        ...
