"""What kind of place a character stands at: in a speaker's name, first in a word, a space …"""

from __future__ import annotations

import numpy as np

from rnnlab.text import features

CLASSES: tuple[tuple[str, str], ...] = (  # (name, meaning)
    ("first letter of a word", "A small letter with no letter before it."),
    ("inside a word", "A small letter after another letter, or after an apostrophe in its word."),
    ("space", "A space or a tab."),
    ("newline", "The end of a line."),
    (
        "speaker's name",
        "Who speaks next in a play: a name after a blank line, up to its colon.",
    ),
    ("punctuation", "Marks, digits and everything else."),
    ("capital", "A capital letter outside the names of speakers."),
)
NAMES: tuple[str, ...] = tuple(name for name, _ in CLASSES)
FIRST, INSIDE, SPACE, NEWLINE, SPEAKER, PUNCTUATION, CAPITAL = range(len(CLASSES))

_APOSTROPHES = "'’"


def classify(text: str) -> np.ndarray:
    """The class of every character, (N,) places in `CLASSES`.

    Each character has one class, the first of these that fits: speaker's name (with the spaces in
    it), newline, space, capital, first letter of a word, inside a word, punctuation.
    The beginning of the text counts as the beginning of a line after a blank one, so cut a text
    after it was classified, not before.
    """
    found = np.array([_class_at(text, i) for i in range(len(text))], dtype=np.int64)
    if text:
        found[features.SPEAKER.marks(text)] = SPEAKER
    return found


def _class_at(text: str, i: int) -> int:
    """The class of a character outside the names of speakers."""
    character = text[i]
    if character in "\n\r":
        return NEWLINE
    if character.isspace():
        return SPACE
    if character.isupper():
        return CAPITAL
    if not character.isalpha():
        return PUNCTUATION
    return INSIDE if _in_word(text, i) else FIRST


def _in_word(text: str, i: int) -> bool:
    """Whether a letter goes on with a word: "n" and "t" of "don't", but not "t" of "'tis"."""
    if i and text[i - 1] in _APOSTROPHES:
        i -= 1
    return i > 0 and text[i - 1].isalpha()
