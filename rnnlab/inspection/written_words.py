"""How many of the words that a network writes are words of the text it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from rnnlab.text.places import words

LENGTHS: tuple[tuple[str, int, int], ...] = (
    ("1 to 3 letters", 1, 3),
    ("4 to 6 letters", 4, 6),
    ("7 letters and more", 7, 10**9),
)


@dataclass(frozen=True, eq=False)
class WrittenWords:
    """Counts at M moments for each of the `LENGTHS`."""

    written: np.ndarray  # (M, 3) words
    known: np.ndarray  # (M, 3) of them, those that occur in the training text

    def shares(self) -> np.ndarray:
        """(M, 3) known / written, NaN where no such word was written."""
        return np.where(self.written > 0, self.known / np.maximum(self.written, 1), np.nan)


def written_words(texts: Sequence[str], lexicon: AbstractSet[str]) -> WrittenWords:
    """Count the words of each text by length. The last word of a text, cut by its end, is left out.

    Args:
        texts: of M moments.
        lexicon: the words of the training text, in small letters.
    """
    counts = np.array([_counts(text, lexicon) for text in texts], dtype=np.int64)
    counts = counts.reshape(len(texts), 2, len(LENGTHS))
    return WrittenWords(counts[:, 0], counts[:, 1])


def _counts(text: str, lexicon: AbstractSet[str]) -> list[list[int]]:
    whole = text[: max(len(text) - len(_last_word(text)), 0)]
    found = list(words(whole))
    by_length = [[w for w in found if low <= len(w) <= high] for _, low, high in LENGTHS]
    return [[len(ws) for ws in by_length], [sum(w in lexicon for w in ws) for ws in by_length]]


def _last_word(text: str) -> str:
    """The letters in which a text ends, "" when a word is complete there."""
    end = len(text)
    while end and (text[end - 1].isalpha() or text[end - 1] in "'’"):
        end -= 1
    return text[end:]
