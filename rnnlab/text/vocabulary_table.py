"""A vocabulary as a table: what a reader wants to know about each character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary


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
