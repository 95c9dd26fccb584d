"""A text that a network wrote, with everything a reader may ask about each character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.figures.scales import TANH, Scale

MOST_CHARACTERS, MOST_UNITS, MOST_CANDIDATES = 5_000, 256, 20


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
        if length > MOST_CHARACTERS or len(self.units) > MOST_UNITS or width > MOST_CANDIDATES:
            raise ValueError(
                f"{length:,} characters with {len(self.units)} units and {width} candidates are "
                f"more than a page can show; the limits are {MOST_CHARACTERS:,}, {MOST_UNITS} and "
                f"{MOST_CANDIDATES}."
            )
