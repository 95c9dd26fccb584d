"""What the colors of hidden values mean: limits, steps and words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnnlab.network.cells import ValueInfo

_USUAL = 0.95  # share of the values that the colors tell apart
_FINE = 0.01  # steps up to this are told apart in two decimals


@dataclass(frozen=True)
class Scale:
    """A color scale for values between `low` and `high`; beyond them the color stays the last.

    A diverging scale is centered on 0, a sequential one begins there.
    """

    kind: Literal["diverging", "sequential"]
    low: float
    high: float
    strongest: float | None = None  # where colors of many units end; None: at `high`

    @property
    def color_range(self) -> tuple[float, float]:
        """The values between which the colors of many units change."""
        end = self.high if self.strongest is None else self.strongest
        return (-end if self.kind == "diverging" else 0.0), end

    @property
    def step(self) -> float:
        """What one count of a packed value stands for."""
        return self.high / np.iinfo(self._counts).max

    @property
    def _counts(self) -> type[np.integer]:
        """One byte where its steps are fine enough for two decimals, else two."""
        small, large = (np.int8, np.int16) if self.kind == "diverging" else (np.uint8, np.uint16)
        return small if self.high / np.iinfo(small).max <= _FINE else large

    @property
    def words(self) -> str:
        """The limits in words, such as 'from −1 to 1'."""
        words = f"from {self.low:g} to {self.high:g}".replace("-", "−")
        return words if self.strongest is None else f"{words}, strongest from {self.strongest:g} on"

    def packed(self, values: np.ndarray) -> np.ndarray:
        """Values as whole counts of `step` in one byte, or in two where the scale is wide.

        What is no number becomes 0. The error is at most half a step: 0.004 between -1 and 1.
        """
        return np.rint(self.limited(values) / self.step).astype(self._counts)

    def limited(self, values: np.ndarray) -> np.ndarray:
        """Values between the limits of the scale; what is no number becomes 0."""
        return np.clip(np.nan_to_num(values, nan=0.0), self.low, self.high)


TANH = Scale("diverging", -1.0, 1.0)
SHARE = Scale("sequential", 0.0, 1.0)


def scale_for(info: ValueInfo, values: np.ndarray) -> Scale:
    """The scale of a named value of a cell: its own bounds, or where it has none, the data's.

    Without bounds a few units may lie far beyond all others, which would all look pale: so the
    colors end where only one value in twenty lies beyond.
    """
    if info.low == 0 and info.high is not None:
        return Scale("sequential", 0.0, float(info.high))
    if info.low is not None and info.high is not None:
        return Scale("diverging", float(info.low), float(info.high))
    finite = np.abs(values[np.isfinite(values)])
    limit = rounded_up(float(finite.max(initial=0.0)))
    usual = rounded_up(float(np.quantile(finite, _USUAL))) if finite.size else limit
    strongest = usual if usual < limit else None
    if info.low == 0:
        return Scale("sequential", 0.0, limit, strongest)
    return Scale("diverging", -limit, limit, strongest)


def default_scale(values: np.ndarray) -> Scale:
    """A scale for values of which nothing is known: that of tanh or of a gate where they fit."""
    low, high = float(np.nanmin(values, initial=0.0)), float(np.nanmax(values, initial=0.0))
    if low >= -1 and high <= 1:
        return TANH if low < 0 else SHARE
    return scale_for(ValueInfo("", "", None if low < 0 else 0.0, None), values)


def rounded_up(limit: float) -> float:
    """The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten; 1 for 0."""
    if limit <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(limit))
    stops = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return float(f"{next(s for s in stops if s * power >= limit * (1 - 1e-9)) * power:.6g}")
