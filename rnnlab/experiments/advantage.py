"""By how much one measure lies above another one of the same runs."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.experiments.reproduction import Reproduced


@dataclass(frozen=True)
class Advantage:
    """A mean over runs beside that of a baseline on the same splits."""

    mean: float
    baseline: float
    spread: float  # of the baseline, from split to split

    @property
    def spreads(self) -> float:
        """How many spreads of the baseline lie between the two."""
        return (self.mean - self.baseline) / self.spread


def advantage(found: dict[str, Reproduced], key: str, baseline: str) -> Advantage | None:
    """One measure against another; None unless both were measured in at least two runs."""
    if key not in found or baseline not in found:
        return None
    mean, other, spread = found[key].mean, found[baseline].mean, found[baseline].spread
    if mean is None or other is None or not spread:
        return None
    return Advantage(mean, other, spread)
