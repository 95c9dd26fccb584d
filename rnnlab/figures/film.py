"""Everything that the time machine shows, moment by moment: numbers in, drawn by the browser."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.figures.scales import Scale


@dataclass(frozen=True, eq=False)
class Film:
    """M moments of one network with one text of T characters and one unit.

    Raises:
        ValueError: arrays that do not fit together.
    """

    steps: tuple[int, ...]  # (M,) updates, ascending
    losses: np.ndarray  # (M,) nats per character, on a text it did not learn from
    loss_name: str  # "loss on 5,000 unseen characters"
    text: str
    start: int  # position of the first character in a longer text
    value_name: str  # "h of unit 17"
    scale: Scale
    values: np.ndarray  # (M, T) of the unit
    chances: np.ndarray  # (M, T) of each character before it was read; NaN: not known
    candidates: tuple[str, ...]  # T texts of K characters, which may follow at each place
    shares: np.ndarray  # (M, T, K) their probabilities
    prime: str
    samples: tuple[str, ...]  # (M,) what was written
    symbols: str  # the V characters
    points: np.ndarray  # (M, V, 2) on the map
    map_shares: np.ndarray  # (2,) of the variance
    features: tuple[str, ...]  # (F,)
    scores: np.ndarray  # (M, F) |r| of the unit
    best: np.ndarray  # (M, F) |r| of the unit of the layer that follows each feature best
    best_units: np.ndarray  # (M, F) which unit that is

    def __post_init__(self) -> None:
        moments, length = len(self.steps), len(self.text)
        width = self.shares.shape[-1]
        fits = (
            self.values.shape == self.chances.shape == (moments, length)
            and self.shares.shape == (moments, length, width)
            and len(self.candidates) == length
            and all(len(row) == width for row in self.candidates)
            and len(self.samples) == moments == len(self.losses)
            and self.points.shape == (moments, len(self.symbols), 2)
            and self.scores.shape == (moments, len(self.features))
            and self.best.shape == self.best_units.shape == self.scores.shape
        )
        if not fits:
            raise ValueError(f"A film of {moments} moments has arrays of other lengths.")
