"""A regular expression that somebody typed, as a feature of a text; it cannot hang the app."""

from __future__ import annotations

import math

import numpy as np
import regex

LONGEST = 200  # characters of a pattern
PATIENCE = 1.0  # seconds that matching may take
_MOST_REPEATS = 10_000  # of all counts such as {3} or {2,5}, multiplied: they are written out
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
    if len(pattern) > LONGEST:
        raise PatternError(
            f"The pattern has {len(pattern):,} characters; at most {LONGEST} are allowed; "
            "shorten it."
        )
    if math.prod(max(int(count), 1) for count in _COUNT.findall(pattern)) > _MOST_REPEATS:
        raise PatternError(
            f"The counts in braces multiply to more than {_MOST_REPEATS:,} repetitions; use "
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
