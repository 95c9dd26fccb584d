"""What stands at each place of a text: a space, a letter inside a short word, a vowel …"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

import numpy as np

from rnnlab.text.character_classes import (
    CAPITAL,
    FIRST,
    INSIDE,
    NEWLINE,
    PUNCTUATION,
    SPACE,
    SPEAKER,
    classify,
)
from rnnlab.text.features import is_vowel

SHORT = 3  # letters that a short word has at most
SHORT_WORDS = 20  # of them, the most frequent ones
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

Places = dict[str, np.ndarray]  # (N,) bool by name


def words(text: str) -> Iterator[str]:
    """The words of a text in small letters, in their order; "don't" is one."""
    return (found.group().lower() for found in WORD.finditer(text))


def short_words(counts: Counter[str], most: int = SHORT_WORDS) -> tuple[str, ...]:
    """The most frequent words of two or three letters, the most frequent first.

    Words of one letter have no letter inside that could be learned.

    Args:
        counts: how often each word occurs.
    """
    short = {w: n for w, n in counts.items() if 2 <= len(w) <= SHORT and w.isalpha()}
    return tuple(word for word, _ in Counter(short).most_common(most))


def learnable(text: str, short: Collection[str]) -> Places:
    """Where the things stand that a network learns one after another; the last two by themselves.

    Args:
        short: words in small letters; their letters after the first are a kind of their own.
    """
    classes, inside_short = classify(text), _inside(text, frozenset(short))
    in_names = classes == SPEAKER
    return {
        "spaces": classes == SPACE,
        "line breaks": classes == NEWLINE,
        "short words": inside_short & ~in_names,
        "other words": (classes == INSIDE) & ~inside_short,
        "first letters": classes == FIRST,
        "capitals": classes == CAPITAL,
        "punctuation": classes == PUNCTUATION,
        "speakers' names": in_names,
    }


def features(text: str) -> Places:
    """Simple things that a unit may react to at the character it has just read."""
    classes = classify(text)
    return {
        "vowel": np.array([is_vowel(c) for c in text], dtype=bool),
        "space": classes == SPACE,
        "line break": classes == NEWLINE,
        "inside a word": classes == INSIDE,
        "first letter": classes == FIRST,
        "capital": np.array([c.isupper() for c in text], dtype=bool),
        "punctuation": classes == PUNCTUATION,
        "speaker's name": classes == SPEAKER,
    }


def _inside(text: str, chosen: Collection[str]) -> np.ndarray:
    """The letters after the first of some words."""
    found = np.zeros(len(text), dtype=bool)
    for word in WORD.finditer(text):
        if word.group().lower() in chosen:
            found[word.start() + 1 : word.end()] = True
    return found
