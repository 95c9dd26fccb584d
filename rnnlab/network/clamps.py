"""Interventions: units that are held at a value, or moved by one, while a network reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True)
class Clamp:
    """A unit held at a value at every step: c before h is computed from it, or h itself."""

    DONE: ClassVar[str] = "held at"

    layer: int
    name: str  # "h", or "c" of an LSTM
    unit: int
    value: float

    def apply(self, state: np.ndarray) -> None:
        """Change a new state, (B, H), in place."""
        state[..., self.unit] = self.value


@dataclass(frozen=True)
class Offset:
    """A unit that gets the same amount added at every step.

    A c keeps most of what it was given, so there the amounts add up over the steps.
    """

    DONE: ClassVar[str] = "moved by"

    layer: int
    name: str  # "h", or "c" of an LSTM
    unit: int
    value: float

    def apply(self, state: np.ndarray) -> None:
        """Change a new state, (B, H), in place."""
        state[..., self.unit] += self.value


@dataclass(frozen=True, eq=False)
class ClampEach:
    """Another unit held in every text of a batch: B interventions for the price of one reading."""

    layer: int
    name: str  # "h", or "c" of an LSTM
    units: np.ndarray  # (B,) which unit is held in each text
    values: np.ndarray  # (B,) at what

    def apply(self, state: np.ndarray) -> None:
        """Change a new state, (B, H), in place."""
        state[np.arange(len(state)), self.units] = self.values


Change = Clamp | Offset
Changes = Sequence[Clamp | Offset | ClampEach]


def apply_all(changes: Changes, name: str, state: np.ndarray) -> np.ndarray:
    """The new state of this name after all changes to it, which follow each other in order."""
    for change in changes:
        if change.name == name:
            change.apply(state)
    return state


def check_value(change: Change) -> None:
    """Raise ValueError for an intervention whose value is not finite."""
    if not math.isfinite(change.value):
        raise ValueError(f"A unit cannot be {change.DONE} {change.value}; give a finite number.")
