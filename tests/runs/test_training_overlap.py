"""Whether a text stands in what a run learned from."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.runs.texts import share_in
from rnnlab.text.split import Part

LETTERS = np.random.default_rng(0).choice(list("abcdefgh "), 4_000)
TEXT = "".join(LETTERS)


def test_a_part_of_the_text_and_another_text() -> None:
    part = Part(TEXT[:2_000], None)
    assert share_in(part, TEXT[500:1_500]) == 1
    assert share_in(part, TEXT[2_000:]) == 0
    assert 0.4 < share_in(part, TEXT[1_000:3_000]) < 0.6


@pytest.mark.parametrize("length", [0, 1, 30])
def test_short_texts(length: int) -> None:
    assert share_in(Part(TEXT, None), TEXT[:length]) in (0, 1)


def test_a_list_is_judged_by_its_lines() -> None:
    part = Part("ann\nbob", ("ann", "bob"))
    assert share_in(part, "bob\ncid\nann\neve\n") == 0.5
