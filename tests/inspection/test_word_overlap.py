"""Which sample reads most like the book."""

from __future__ import annotations

import pytest

from rnnlab.inspection.writing import known_share, word_overlap, words

BOOK = "It was a November evening. Holmes didn't answer; the evening was cold, Watson."


def test_cut_and_short_words_do_not_count() -> None:
    known = words(BOOK)
    assert known_share("vember evening Holmez answer cold Wats", known) == pytest.approx(3 / 4)
    assert known_share("a b c it was so", known) == 0
    assert known_share("so didn't it", known) == 1


def test_capitals_do_not_matter() -> None:
    assert known_share("x EVENING y", words(BOOK)) == 1


def test_the_latest_of_equals_is_taken() -> None:
    samples = ["x evening y", "x qqqq y", "x cold evening y", "x Holmes evening y", "x zzzz y"]
    assert word_overlap(samples, BOOK) == (3, 1.0)
    with pytest.raises(ValueError, match="no sample"):
        word_overlap([], BOOK)
