"""Characters and their ids: what a network can read and write, also as a table for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlab.text.visible import BLANK, visible

_NAMED_AT_MOST = 10


class UnknownCharacterError(ValueError):
    """A text holds characters that the network has no input for; `characters` are they."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        self.characters = characters
        super().__init__(_unknown_sentence(characters))


@dataclass(frozen=True)
class Vocabulary:
    """The characters a network knows, in order of their code points; the place is the id.

    Raises:
        ValueError: no characters, one that is not a single character, or a wrong order.
    """

    symbols: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.symbols:
            raise ValueError("A vocabulary needs at least one character, but the text was empty.")
        for symbol in self.symbols:
            if not isinstance(symbol, str) or len(symbol) != 1:
                raise ValueError(
                    f"A vocabulary is made of single characters, but has {str(symbol)[:20]!r}."
                )
        if list(self.symbols) != sorted(set(self.symbols)):
            raise ValueError("A vocabulary lists each character once, ordered by code point.")

    @classmethod
    def from_text(cls, text: str) -> Vocabulary:
        """The distinct characters of a text; ValueError when it is empty."""
        return cls(tuple(sorted(set(text))))

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, text: str) -> np.ndarray:
        """The id of each character, (N,) int64.

        Raises:
            UnknownCharacterError: the text has characters outside this vocabulary.
        """
        known = _code_points("".join(self.symbols))  # (V,) ascending
        codes = _code_points(text)  # (N,)
        ids = np.searchsorted(known, codes).clip(max=len(known) - 1)
        if not np.array_equal(known[ids], codes):
            raise UnknownCharacterError(self.unknown(text))
        return ids.astype(np.int64, copy=False)

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """The text that these ids (any sequence of integers) stand for.

        Raises:
            ValueError: an id is negative or not below the size of the vocabulary.
        """
        places = np.asarray(ids, dtype=np.int64).reshape(-1)
        outside = places[(places < 0) | (places >= len(self))]
        if outside.size:
            raise ValueError(
                f"There is no character with id {outside[0]}; ids run from 0 to {len(self) - 1}."
            )
        codes = _code_points("".join(self.symbols))[places]  # (N,)
        return codes.tobytes().decode("utf-32-le", "surrogatepass")

    def unknown(self, text: str) -> tuple[str, ...]:
        """The distinct characters of a text that are not in here, in order of appearance."""
        known = set(self.symbols)
        return tuple(c for c in dict.fromkeys(text) if c not in known)

    def kept(self, text: str) -> str:
        """The text without the characters that are not in here."""
        return text.translate({ord(c): None for c in self.unknown(text)})

    def opening(self) -> str:
        """What a network reads first when nothing is given: the end of a line, or the first
        character it knows."""
        return "\n" if "\n" in self.symbols else self.symbols[0]

    def to_json(self) -> list[str]:
        """Plain data for `vocabulary.json`."""
        return list(self.symbols)

    @classmethod
    def from_json(cls, data: Any) -> Vocabulary:
        """The vocabulary that `to_json` wrote; ValueError with a sentence for anything else."""
        if not isinstance(data, list):
            raise ValueError("A vocabulary must be a JSON list of characters; this is not one.")
        return cls(tuple(data))


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _named(character: str) -> str:
    """A character in quotation marks, and its code where all that can be drawn is a box."""
    sign = visible(character)
    is_drawn = sign == character or sign != BLANK
    return f"'{sign}'" if is_drawn else f"'{sign}' (U+{ord(character):04X})"


def _unknown_sentence(characters: tuple[str, ...]) -> str:
    named = [_named(c) for c in characters[:_NAMED_AT_MOST]]
    more = len(characters) - len(named)
    if more:
        named.append(f"{more} more")
    listing = " and ".join([", ".join(named[:-1]), named[-1]] if named[1:] else named)
    if len(characters) == 1:
        return (
            f"{listing} never occurred in the training text, so this network has no input for it; "
            "remove it or train on a text that has it."
        )
    return (
        f"{listing} never occurred in the training text, so this network has no inputs for them; "
        "remove them or train on a text that has them."
    )


@dataclass(frozen=True)
class VocabularyTable:
    """One row a character, in the order of the ids; all columns have V rows."""

    characters: tuple[str, ...]  # made visible: "↵" for newline
    indices: np.ndarray  # int64, 0 … V - 1
    counts: np.ndarray  # int64, how often it occurs in the text
    shares: np.ndarray  # float64, of all characters of the text; sum to 1


def vocabulary_table(text: str, vocabulary: Vocabulary) -> VocabularyTable:
    """Each character of a vocabulary with its index, count and share in a text.

    Raises:
        UnknownCharacterError: the text has characters outside the vocabulary.
    """
    counts = np.bincount(vocabulary.encode(text), minlength=len(vocabulary))  # (V,)
    return VocabularyTable(
        characters=tuple(visible(symbol) for symbol in vocabulary.symbols),
        indices=np.arange(len(vocabulary)),
        counts=counts,
        shares=counts / max(1, counts.sum()),
    )
