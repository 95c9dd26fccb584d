"""What is true of each place in a text: in quotes, in a name, a vowel, a match of a typed pattern.

A typed pattern is somebody's regular expression: its length and its time are limited, so that
it cannot hang the app.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np
import regex

from rnnlab.text.vocabulary import Vocabulary

Marks = np.ndarray  # (N,) bool, or float32 where a feature is a number

_NAME_WORDS = 4  # in the name of a speaker at most
_BLANK = r"\n[ \t]*\n"
_NAME_WORD = r"(?:\p{Lu}\p{L}{0,2}\.|[\p{L}&][\p{L}\p{N}'’&-]*,?)"  # of a name: Mr. Tall, &C
_SPEAKER = regex.compile(
    rf"(?:\A\s*|{_BLANK})(?=\p{{Lu}})({_NAME_WORD}(?: +{_NAME_WORD}){{0,{_NAME_WORDS - 1}}}):"
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


SPEAKER_NAME = Feature(
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
    SPEAKER_NAME,
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
CLASS_NAMES: tuple[str, ...] = tuple(name for name, _ in CLASSES)
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
        found[SPEAKER_NAME.marks(text)] = SPEAKER
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


MAX_SHORT_WORD_LETTERS = 3
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
    short = {
        w: n for w, n in counts.items() if 2 <= len(w) <= MAX_SHORT_WORD_LETTERS and w.isalpha()
    }
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


def simple_features(text: str) -> Places:
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


MAX_PATTERN_CHARACTERS = 200  # characters of a pattern
PATIENCE = 1.0  # seconds that matching may take
_MAX_REPEATS = 10_000  # of all counts such as {3} or {2,5}, multiplied: they are written out
_COUNT = regex.compile(r"\{[^{}]*?(\d+)\D*\}")


class PatternError(ValueError):
    """A pattern that cannot be used; the message says why."""


def pattern_marks(text: str, pattern: str, patience: float = PATIENCE) -> np.ndarray:
    """(N,) whether a character lies inside a match; `^` and `$` match at line ends.

    Raises:
        PatternError: the pattern is empty, too long, no regular expression, or takes too long on
            this text.
    """
    if not pattern:
        raise PatternError("Type a regular expression, such as \\bthe\\b for the word 'the'.")
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        raise PatternError(
            f"The pattern has {len(pattern):,} characters; at most {MAX_PATTERN_CHARACTERS} are "
            "allowed; shorten it."
        )
    if math.prod(max(int(count), 1) for count in _COUNT.findall(pattern)) > _MAX_REPEATS:
        raise PatternError(
            f"The counts in braces multiply to more than {_MAX_REPEATS:,} repetitions; use "
            "smaller ones, or + and *."
        )
    try:
        compiled = regex.compile(pattern, regex.MULTILINE)
    except (regex.error, OverflowError, RecursionError, MemoryError, ValueError) as error:
        raise PatternError(
            f"This is no regular expression: {error}. A sign that is meant as itself needs a \\ "
            "before it."
        ) from None
    marks = np.zeros(len(text), bool)
    try:
        # `concurrent` lets other users of the app go on meanwhile.
        for match in compiled.finditer(text, timeout=patience, concurrent=True):
            marks[match.start() : match.end()] = True
    except TimeoutError:
        raise PatternError(
            f"Matching this pattern takes more than {patience:g} s: it tries too many ways, as "
            "(a+)+b does. Write it without repetitions inside repetitions, or with fewer."
        ) from None
    except MemoryError:
        raise PatternError("Matching this pattern takes too much memory; simplify it.") from None
    return marks
