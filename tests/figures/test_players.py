"""A text that a network wrote, checked before it is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnlab.figures.players import Writing

WRITING = Writing(
    id="1",
    prime="x",
    text="ab\n",
    probabilities=np.array([0.5, 0.25, 1.0]),
    candidates=("ab", "ba", "\na"),
    candidate_probabilities=np.array([[0.5, 0.5], [0.75, 0.25], [1.0, 0.0]]),
    values=np.zeros((3, 4)),
    units=(3, 1, 0, 2),
)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "ab"},
        {"probabilities": np.zeros(4)},
        {"candidates": ("ab", "b", "\na")},
        {"candidate_probabilities": np.zeros((3, 3))},
        {"units": (1, 2)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_parts_that_do_not_fit_are_refused(change: dict) -> None:
    with pytest.raises(ValueError, match="other lengths"):
        replace(WRITING, **change)


def test_more_than_a_page_can_show_is_refused() -> None:
    with pytest.raises(ValueError, match="the limits are 5,000, 256 and 20"):
        replace(WRITING, values=np.zeros((3, 257)), units=tuple(range(257)))
