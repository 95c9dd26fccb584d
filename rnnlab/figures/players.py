"""What the players in the browser are given: a written text, and one network at all its snapshots.

Numbers go in, each with what a reader may ask about it; the browser draws them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.figures.scales import TANH, Scale

MAX_CHARACTERS, MAX_UNITS, MAX_CANDIDATES = 5_000, 256, 20


@dataclass(frozen=True)
class Writing:
    """What was written after a prime, T characters.

    Raises:
        ValueError: shapes that do not fit together, or more than a page can show.
    """

    id: str  # another one starts the player anew
    prime: str
    text: str  # T characters
    probabilities: np.ndarray  # (T,) that each character had when it was drawn
    candidates: tuple[str, ...]  # T texts of C characters: the likeliest at each place, best first
    candidate_probabilities: np.ndarray  # (T, C), falling in each row
    values: np.ndarray  # (T, U) what each shown unit held after it read the character; U may be 0
    units: tuple[int, ...]  # numbers of the U units, from top to bottom
    value_name: str = "h"
    scale: Scale = TANH

    def __post_init__(self) -> None:
        length, width = len(self.text), self.candidate_probabilities.shape[-1]
        if not (
            self.probabilities.shape == (length,)
            and self.candidate_probabilities.shape == (length, width)
            and len(self.candidates) == length
            and all(len(row) == width for row in self.candidates)
            and self.values.shape == (length, len(self.units))
        ):
            raise ValueError(f"A writing of {length} characters has arrays of other lengths.")
        if length > MAX_CHARACTERS or len(self.units) > MAX_UNITS or width > MAX_CANDIDATES:
            raise ValueError(
                f"{length:,} characters with {len(self.units)} units and {width} candidates are "
                f"more than a page can show; the limits are {MAX_CHARACTERS:,}, {MAX_UNITS} and "
                f"{MAX_CANDIDATES}."
            )


@dataclass(frozen=True, eq=False)
class SnapshotSeries:
    """M snapshots of one network with one text of T characters and one unit.

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
        snapshots, length = len(self.steps), len(self.text)
        width = self.shares.shape[-1]
        fits = (
            self.values.shape == self.chances.shape == (snapshots, length)
            and self.shares.shape == (snapshots, length, width)
            and len(self.candidates) == length
            and all(len(row) == width for row in self.candidates)
            and len(self.samples) == snapshots == len(self.losses)
            and self.points.shape == (snapshots, len(self.symbols), 2)
            and self.scores.shape == (snapshots, len(self.features))
            and self.best.shape == self.best_units.shape == self.scores.shape
        )
        if not fits:
            raise ValueError(f"A film of {snapshots} moments has arrays of other lengths.")
