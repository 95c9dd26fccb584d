"""Which of several samples reads most like a book."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORTEST = 4  # letters: shorter ones are hit by chance


def words(text: str) -> frozenset[str]:
    """The distinct words of a text, without regard to capitals."""
    return frozenset(word.lower() for word in _WORD.findall(text))


def known_share(sample: str, known: frozenset[str]) -> float:
    """Share of a sample's words of at least four letters that are known; 0 without any.

    The first and the last word may be cut off, so they do not count.
    """
    long = [word for word in _WORD.findall(sample)[1:-1] if len(word) >= _SHORTEST]
    return sum(word.lower() in known for word in long) / len(long) if long else 0.0


def most_like(samples: Sequence[str], book: str) -> tuple[int, float]:
    """Which sample has the largest share of words that stand in the book, and that share; of
    equals the latest.

    Raises:
        ValueError: there is no sample.
    """
    if not samples:
        raise ValueError("There is no sample to choose from.")
    known = words(book)
    shares = [known_share(sample, known) for sample in samples]
    best = max(range(len(shares)), key=lambda k: (shares[k], k))
    return best, shares[best]
