"""Regular expressions that people type: right, wrong, and hostile."""

from __future__ import annotations

import time

import pytest

from rnnlab.text.features import PatternError, pattern_marks


def matched(pattern: str, text: str) -> str:
    """The characters inside a match, a dot for each other one."""
    return "".join(c if m else "." for c, m in zip(text, pattern_marks(text, pattern), strict=True))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\bthe\b", "the thesis, the", "the.........the"),
        ("^a", "a b\na", "a...a"),
        (r"(?<=, )\w+", "so, then: on", "....then...."),
        ("x*", "abc", "..."),
        ("(?s).+", "a\nb", "a\nb"),
        ("b", "", ""),
    ],
)
def test_characters_inside_a_match_are_marked(pattern: str, text: str, expected: str) -> None:
    assert matched(pattern, text) == expected


@pytest.mark.parametrize("pattern", ["(", "[a", "a**", "(?P<x", "*", "\\", "(?<n>a)(?<n", "a{3,1}"])
def test_what_is_no_pattern_is_said_in_a_sentence(pattern: str) -> None:
    with pytest.raises(PatternError, match="no regular expression"):
        pattern_marks("aaa", pattern)


def test_no_pattern_and_a_very_long_one_are_refused() -> None:
    with pytest.raises(PatternError, match="Type a regular expression"):
        pattern_marks("a", "")
    with pytest.raises(PatternError, match="201 characters; at most 200"):
        pattern_marks("a", "a" * 201)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(?:a|aa)+$(?!)", "(?:a?){40}a{40}b"])
def test_a_pattern_that_never_ends_is_stopped(pattern: str) -> None:
    began = time.monotonic()
    with pytest.raises(PatternError, match="takes more than"):
        pattern_marks("a" * 30_000 + "\n", pattern, patience=0.1)
    assert time.monotonic() - began < 20  # a hundredfold for a busy computer, and not forever


@pytest.mark.parametrize("pattern", ["(a{5000}){5000}", "(((a{99}){99}){99}){99}", "a{2,999999}"])
def test_counts_that_multiply_are_refused_before_they_are_written_out(pattern: str) -> None:
    with pytest.raises(PatternError, match="counts in braces"):
        pattern_marks("aaa", pattern)
