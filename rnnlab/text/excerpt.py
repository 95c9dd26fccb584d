"""A part of a text, with what stands before it."""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT = 200  # characters before a part that are read first, so that the memory is not empty


@dataclass(frozen=True)
class Excerpt:
    """Some characters of a longer text."""

    text: str
    before: str  # the characters just before, at most 200
    start: int  # position of the first character in the longer text
    total: int  # characters of the longer text

    @property
    def with_before(self) -> str:
        """All that is read: what stands before, and the excerpt."""
        return self.before + self.text


def excerpt(text: str, start: int, length: int) -> Excerpt:
    """`length` characters from `start` on, or as near to that as the text allows."""
    start = min(max(start, 0), max(len(text) - length, 0))
    before = text[max(start - CONTEXT, 0) : start]
    return Excerpt(text[start : start + length], before, start, len(text))
