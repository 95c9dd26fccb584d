"""What may be true of a place in a text: inside quotes, in a name, so far into the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import regex

from rnnlab.text.vocabulary import Vocabulary

Marks = np.ndarray  # (N,) bool, or float32 where a feature is a number

_NAME_WORDS = 4  # in the name of a speaker at most
_BLANK = r"\n[ \t]*\n"
_WORD = r"(?:\p{Lu}\p{L}{0,2}\.|[\p{L}&][\p{L}\p{N}'’&-]*,?)"  # of a name: Mr. Tall, &C
_SPEAKER = regex.compile(
    rf"(?:\A\s*|{_BLANK})(?=\p{{Lu}})({_WORD}(?: +{_WORD}){{0,{_NAME_WORDS - 1}}}):"
)
_QUOTE_SIGNS = regex.compile(rf'["“”]|{_BLANK}')
_PARENTHESIS_SIGNS = regex.compile(rf"[()]|{_BLANK}")
_VOWELS = frozenset("aeiouäöüàáâèéêìíîòóôùúû")


@dataclass(frozen=True)
class Feature:
    """Something that is true or not, or a number, at every character of a text."""

    name: str  # what it is called, also in links
    definition: str  # at which characters it holds, in one sentence
    marks: Callable[[str], Marks]  # of a text of at least one character
    is_number: bool = False


def _speaker(text: str) -> Marks:
    return _filled(len(text), (match.span(1) for match in _SPEAKER.finditer(text)))


def _quotes(text: str) -> Marks:
    return _filled(len(text), _between(text, _QUOTE_SIGNS, _quote_depth))


def _parentheses(text: str) -> Marks:
    return _filled(len(text), _between(text, _PARENTHESIS_SIGNS, _parenthesis_depth))


def _quote_depth(sign: str, depth: int) -> int:
    if sign == "“":
        return 1
    return 1 - depth if sign == '"' else 0


def _parenthesis_depth(sign: str, depth: int) -> int:
    if sign == "(":
        return depth + 1
    return max(depth - 1, 0) if sign == ")" else 0


def _between(
    text: str, signs: regex.Pattern[str], after: Callable[[str, int], int]
) -> Iterator[tuple[int, int]]:
    """Stretches in which the depth, 0 at first and changed by signs, is above 0."""
    depth, start = 0, 0
    for match in signs.finditer(text):
        new = after(match.group(), depth)
        if depth == 0 and new > 0:
            start = match.start()
        elif depth > 0 and new == 0:
            yield start, match.start()
        depth = new
    if depth:
        yield start, len(text)


def _filled(size: int, spans: Iterator[tuple[int, int]]) -> Marks:
    marks = np.zeros(size, bool)
    for start, end in spans:
        marks[start:end] = True
    return marks


def is_vowel(character: str) -> bool:
    """Whether a character is a, e, i, o or u, small or capital, with or without an accent."""
    return character.lower() in _VOWELS


def _vowel(text: str) -> Marks:
    return _where(text, is_vowel)


def _capitals(text: str) -> Marks:
    upper = np.pad(_where(text, str.isupper), 1)
    return upper[1:-1] & (upper[:-2] | upper[2:])


def _after_blank_line(text: str) -> Marks:
    ends = np.pad(_where(text, "\n".__eq__), (1, 0))
    return ends[1:] & ends[:-1]


def _line_position(text: str) -> Marks:
    return _since(_where(text, "\n".__eq__))


def _word_position(text: str) -> Marks:
    letters = np.pad(_where(text, str.isalpha), 1)
    joins = _where(text, "'’".__contains__) & letters[:-2] & letters[2:]
    return _since(~(letters[1:-1] | joins))


def _since(here: np.ndarray) -> Marks:
    """How many characters ago something was here last; 0 where it is, counted from the start."""
    places = np.arange(len(here))
    return (places - np.maximum.accumulate(np.where(here, places, -1))).astype(np.float32)


def _where(text: str, is_so: Callable[[str], bool]) -> np.ndarray:
    """(N,) whether something is so, asked once for each different character."""
    vocabulary = Vocabulary.from_text(text)
    return np.array([is_so(symbol) for symbol in vocabulary.symbols])[vocabulary.encode(text)]


SPEAKER = Feature(
    "speaker's name",
    f"The characters of a name of at most {_NAME_WORDS} words that begins with a capital, after a "
    "blank line or at the beginning of the text, up to the colon: the way plays print who speaks.",
    _speaker,
)
QUOTES = Feature(
    "in quotes",
    "From an opening double quote on, up to the character before the closing one. A quote that is "
    "never closed ends at the next blank line.",
    _quotes,
)
PARENTHESES = Feature(
    "in parentheses",
    "From an opening round parenthesis on, up to the character before the one that closes it, "
    "others inside it counted. One that is never closed ends at the next blank line.",
    _parentheses,
)
LINE_POSITION = Feature(
    "position in line",
    "How many characters were read since the last line end: 0 at the line end itself, 1 at the "
    "first character of a line.",
    _line_position,
    is_number=True,
)
BLANK_LINE = Feature(
    "after a blank line",
    "The line end that completes a blank line: the last two characters read are line ends.",
    _after_blank_line,
)
CAPITALS = Feature(
    "run of capitals",
    "A capital letter with another one directly before or after it.",
    _capitals,
)
VOWEL = Feature(
    "vowel",
    "The characters a, e, i, o, u, small or capital, with or without an accent.",
    _vowel,
)
WORD_POSITION = Feature(
    "position in word",
    "How many letters of the word were read: 1 at its first letter, 0 between words. An "
    "apostrophe between two letters counts as one.",
    _word_position,
    is_number=True,
)
FEATURES = (
    SPEAKER,
    QUOTES,
    PARENTHESES,
    LINE_POSITION,
    BLANK_LINE,
    CAPITALS,
    VOWEL,
    WORD_POSITION,
)


def feature_named(name: str) -> Feature:
    """The feature of this name; ValueError with the names there are."""
    for feature in FEATURES:
        if feature.name == name:
            return feature
    names = ", ".join(f"'{feature.name}'" for feature in FEATURES)
    raise ValueError(f"There is no feature '{name[:40]}'; the features are {names}.")
