"""From logits to a character, on distributions made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnlab.network.sampling import draw, filter_top_k_top_p, likeliest, softmax_weights
from rnnlab.network.tape import DivergedModelError

EIGHTHS = np.array([1.0, 4, 2, 1])  # probabilities ⅛ ½ ¼ ⅛


def kept(weights: np.ndarray, top_k: int = 0, top_p: float = 1.0) -> list[int]:
    """Which characters are left, after a check that their weights are untouched."""
    result = filter_top_k_top_p(weights, top_k, top_p)
    left = np.flatnonzero(result)
    np.testing.assert_array_equal(result[left], weights[left])
    return left.tolist()


@pytest.mark.parametrize(
    ("top_k", "expected"),
    [
        (1, [1]),
        (2, [1, 2]),
        (3, [0, 1, 2]),
        (4, [0, 1, 2, 3]),
        (99, [0, 1, 2, 3]),
        (0, [0, 1, 2, 3]),
    ],
)
def test_top_k_keeps_the_likeliest_and_of_equals_the_earlier(
    top_k: int, expected: list[int]
) -> None:
    assert kept(EIGHTHS, top_k=top_k) == expected


@pytest.mark.parametrize(
    ("top_p", "expected"),
    [
        (1e-12, [1]),
        (0.5, [1]),
        (0.51, [1, 2]),
        (0.75, [1, 2]),
        (0.76, [0, 1, 2]),
        (0.875, [0, 1, 2]),
        (0.9, [0, 1, 2, 3]),
        (1.0, [0, 1, 2, 3]),
    ],
)
def test_top_p_keeps_the_fewest_that_reach_it(top_p: float, expected: list[int]) -> None:
    assert kept(EIGHTHS, top_p=top_p) == expected


def test_top_p_counts_within_what_top_k_left() -> None:
    assert kept(EIGHTHS, top_k=2, top_p=0.6) == [1]  # ½ of ¾ is ⅔


def test_all_equal_keeps_the_first() -> None:
    assert kept(np.ones(5), top_k=2) == [0, 1]
    assert kept(np.ones(5), top_p=0.4) == [0, 1]


def test_temperature_sharpens_and_levels() -> None:
    logits = np.log(np.array([0.1, 0.6, 0.3])).astype(np.float32)
    for temperature, power in [(1.0, 1), (0.5, 2), (2.0, 0.5)]:
        weights = softmax_weights(logits, temperature)
        expected = np.array([0.1, 0.6, 0.3]) ** power
        np.testing.assert_allclose(weights / weights.sum(), expected / expected.sum(), rtol=1e-6)
    assert softmax_weights(logits, 1e-100).tolist() == [0, 1, 0]


def test_huge_logits_do_not_overflow() -> None:
    with np.errstate(over="raise", invalid="raise"):
        assert softmax_weights(np.array([3e38, -3e38, 0], np.float32), 1e-100).tolist() == [1, 0, 0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_logits_that_are_no_numbers_are_refused(bad: float) -> None:
    with pytest.raises(DivergedModelError, match="grew beyond all numbers"):
        softmax_weights(np.array([0.0, bad, 1.0]), 1.0)


@pytest.mark.parametrize(
    ("u", "expected"), [(0.0, 1), (0.499, 1), (0.5, 2), (0.749, 2), (0.75, 4), (1 - 2**-53, 4)]
)
def test_draw_is_the_inverse_of_the_distribution(u: float, expected: int) -> None:
    assert draw(np.array([0, 2, 1, 0, 1, 0.0]).cumsum(), u) == expected


@given(
    arrays(np.float64, st.integers(1, 30), elements=st.sampled_from([0.0, 1e-300, 0.1, 0.3, 1.0])),
    st.floats(0, 1, exclude_max=True),
)
def test_what_has_no_weight_is_never_drawn(weights: np.ndarray, u: float) -> None:
    weights[len(weights) // 2] = 1
    assert weights[draw(weights.cumsum(), u)] > 0


@given(
    arrays(np.float32, st.integers(1, 30), elements=st.floats(-50, 50, width=32)),
    st.integers(0, 40),
    st.floats(0, 1, exclude_min=True),
)
@example(np.array([0, 4.8821014e-37], np.float32), 1, 1.0)  # the weights are equal
def test_filters_never_drop_the_likeliest_nor_keep_too_many(
    logits: np.ndarray, top_k: int, top_p: float
) -> None:
    weights = softmax_weights(logits, 1.0)
    result = filter_top_k_top_p(weights, top_k, top_p)
    assert result.max() == weights.max() == 1
    assert np.count_nonzero(result) <= (top_k or len(logits))
    dropped = weights[result == 0]
    assert dropped.max(initial=0) <= result[result > 0].min()


def test_likeliest_are_best_first_and_equals_in_the_order_of_the_vocabulary() -> None:
    p = np.array([[0.2, 0.3, 0.2, 0.3], [1.0, 0.0, 0.0, 0.0]])
    assert likeliest(p, 3).tolist() == [[1, 3, 0], [0, 1, 2]]
    assert likeliest(p, 9).shape == (2, 4)
