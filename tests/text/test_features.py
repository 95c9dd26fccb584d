"""Features of a text, on texts whose places are known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.text.features import FEATURES, feature_named


def marked(name: str, text: str) -> list[str]:
    """The stretches of a text in which a feature is true."""
    edges = np.flatnonzero(np.diff(np.pad(feature_named(name).marks(text), 1).astype(int)))
    return [text[start:end] for start, end in edges.reshape(-1, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "no" to her', ['"no']),
        ('"a" "b', ['"a', '"b']),
        ('"lost\n\nback" now', ['"lost', '" now']),
        ("“Oh” he “wept", ["“Oh", "“wept"]),
        ("”not yet “here”", ["“here"]),
        ("nothing", []),
    ],
)
def test_a_quote_lasts_until_the_sign_that_closes_it(text: str, expected: list[str]) -> None:
    assert marked("in quotes", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a (b) c", ["(b"]),
        ("a (b (c) d) e", ["(b (c) d"]),
        ("a) b", []),
        ("a) (b", ["(b"]),
        ("(a\n \n(b) c", ["(a", "(b"]),
        ("(a)(b)", ["(a", "(b"]),
    ],
)
def test_parentheses_may_stand_inside_each_other_or_be_forgotten(
    text: str, expected: list[str]
) -> None:
    assert marked("in parentheses", text) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ANNA:\nWell met.\n\nFirst Guard:\nWho: me?\n", ["ANNA", "First Guard"]),
        ("Hush.\n\nNED: (low) I said: go.\n\nNED: Go!", ["NED", "NED"]),
        ("A list of the persons here:\n\nANNA:", ["ANNA"]),
        ("\n\nGhosts of young Kings:\nBoo!\n", ["Ghosts of young Kings"]),
        ("Hush.\n\nLords, &C:\nOh!", ["Lords, &C"]),
        ("\n\nanna: no\nBEN: no\n\n(Noise.)\n\nIt rains. So: run.\n", []),
        ("\n\nMr. Tall:\nIt is.\n", ["Mr. Tall"]),
        ("É:\nOui.\n \nZoë:", ["É", "Zoë"]),
    ],
)  # fmt: skip
def test_a_speaker_is_named_after_a_blank_line(text: str, names: list[str]) -> None:
    assert marked("speaker's name", text) == names


def test_positions_are_counted_from_line_ends_and_word_beginnings() -> None:
    lines = feature_named("position in line").marks("ab\n\ncd")
    np.testing.assert_array_equal(lines, [1, 2, 0, 0, 1, 2])
    words = feature_named("position in word").marks("I can't, 'tis")
    np.testing.assert_array_equal(words, [1, 0, 1, 2, 3, 4, 5, 0, 0, 0, 1, 2, 3])


def test_blank_lines_capitals_and_vowels() -> None:
    after = feature_named("after a blank line").marks("a\n\n\nb\nc")
    np.testing.assert_array_equal(np.flatnonzero(after), [2, 3])
    assert marked("run of capitals", "A Big OK USa") == ["OK", "US"]
    assert marked("vowel", "Queue, by O") == ["ueue", "O"]


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
@pytest.mark.parametrize("text", ["a", "\n", '"', "(", "\n\n", "A:", "😀é\u2028"])
def test_every_feature_marks_every_character_of_the_shortest_texts(feature, text: str) -> None:  # noqa: ANN001
    marks = feature.marks(text)
    assert marks.shape == (len(text),)
    assert (marks.dtype != bool) == feature.is_number
    assert feature.definition.endswith(".")


def test_an_unknown_feature_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no feature 'in brackets'; the features are"):
        feature_named("in brackets")
