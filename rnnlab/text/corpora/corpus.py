"""A text to learn from, and what must be known about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


class CorpusError(ValueError):
    """A text cannot be found, read, split or cut into batches; the message says what to do."""


@dataclass(frozen=True)
class Corpus:
    """A text, or a list of items, with its origin.

    Raises:
        CorpusError: `text` or `labels` do not fit `items`.
    """

    name: str  # "tiny-shakespeare"
    title: str  # "Tiny Shakespeare"
    text: str  # of a list: "\n".join(items) + "\n"
    items: tuple[str, ...] | None  # the lines of a list; None for prose
    source: str  # where it comes from, an address where there is one
    licence: str
    best_loss: float | None = None  # nats per character that no model can beat, where known
    labels: tuple[str, ...] | None = None  # one for each item, such as the language of a name

    def __post_init__(self) -> None:
        if self.items is not None and self.text != joined(self.items):
            raise CorpusError(f"The text of '{self.title}' is not its items, one a line.")
        if self.labels is not None and len(self.labels) != len(self.items or ()):
            raise CorpusError(
                f"'{self.title}' has {len(self.items or ()):,} items, but "
                f"{len(self.labels):,} labels."
            )

    @cached_property
    def sha256(self) -> str:
        """Checksum of the text in UTF-8: tells whether a run was trained on this very text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


def joined(items: Iterable[str]) -> str:
    """Items as a text: one a line, each line ended; "" when there is none."""
    return "".join(f"{item}\n" for item in items)


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text as items: without blanks around them, without empty ones."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())
