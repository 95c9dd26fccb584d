"""The ladder of n-gram models: the formula written out is the oracle."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.text.baselines import NgramLadder, best_rungs, effective_order
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.vocabulary import Vocabulary

V = 3
texts = st.lists(st.integers(0, V - 1), min_size=1, max_size=40).map(np.array)


def probability(training: list[np.ndarray], context: tuple[int, ...], symbol: int) -> float:
    """P_n of Witten & Bell, counted anew; a context may begin with None, the start of a text."""
    if len(context) == 0:
        shorter, followers = 1 / V, [int(c) for ids in training for c in ids]
    else:
        shorter = probability(training, context[1:], symbol)
        followers = []
        for ids in training:
            padded = [None, *map(int, ids)]
            n = len(context)
            followers += [
                padded[k + n] for k in range(len(padded) - n) if tuple(padded[k : k + n]) == context
            ]
    if not followers:
        return shorter
    distinct = len(set(followers))
    return (followers.count(symbol) + distinct * shorter) / (len(followers) + distinct)


@given(training=st.lists(texts, min_size=1, max_size=3), text=texts)
def test_probabilities_are_those_of_the_formula(
    training: list[np.ndarray], text: np.ndarray
) -> None:
    ladder = NgramLadder(training, V, highest=4)
    found = np.exp(ladder.log_probabilities(text))
    assert found.shape == (5, len(text) - 1)
    padded = [None, *map(int, text)]
    for n, k in itertools.product(range(1, 5), range(1, len(text))):
        context = tuple(padded[max(0, k + 1 - (n - 1)) : k + 1])
        expected = probability(training, context, int(text[k]))
        assert found[n, k - 1] == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(found[0], 1 / V)


@given(training=st.lists(texts, min_size=1, max_size=3), prime=texts, order=st.integers(0, 4))
def test_it_writes_as_likely_as_it_says(
    training: list[np.ndarray], prime: np.ndarray, order: int
) -> None:
    """The uniform numbers in the middle of each character's stretch of [0, 1) give it."""
    ladder = NgramLadder(training, V, highest=4)
    p = [
        np.exp(ladder.log_probabilities(np.append(prime, symbol))[order, -1]) for symbol in range(V)
    ]
    assert sum(p) == pytest.approx(1)
    for symbol, right in enumerate(np.cumsum(p)):
        assert list(ladder.write(prime, order, [right - p[symbol] / 2])) == [symbol]


def test_equal_random_numbers_write_equal_texts() -> None:
    ladder = NgramLadder([np.array([0, 1, 2, 1, 0, 2, 2, 1])], V)
    uniforms = np.random.default_rng(1).random(50)
    first, second = (list(ladder.write(np.array([0]), 3, uniforms)) for _ in range(2))
    assert first == second
    assert len(first) == 50


def test_contexts_end_where_a_sequence_begins() -> None:
    """After 0 came 1 within a sequence; that the next one begins with 2 says nothing of 0."""
    apart = NgramLadder([np.array([0, 1, 0]), np.array([2, 0])], V, highest=2)
    assert np.exp(apart.log_probabilities(np.array([0, 1])))[2, 0] > 0.5


@pytest.mark.parametrize(
    ("shares", "part", "expected"),
    [
        ((0.9, 0.1), "validation", (3.347, 2.486, 2.049, 1.774, 1.669, 1.698)),
        ((0.9, 0.05), "validation", (None, None, None, None, 1.570, None)),
        ((0.9, 0.05), "test", (None, None, None, None, 1.768, None)),
    ],
)
def test_the_ladder_of_tiny_shakespeare_is_the_known_one(
    library: CorpusLibrary,
    shares: tuple[float, float],
    part: str,
    expected: tuple[float | None, ...],
) -> None:
    text = library.load("tiny-shakespeare").text
    ids = Vocabulary.from_text(text).encode(text)
    a, b = (round(len(ids) * share) for share in (shares[0], sum(shares)))
    scored = ids[a:b] if part == "validation" else ids[b:]
    found = NgramLadder([ids[:a]], int(ids.max()) + 1).losses([scored])
    for loss, known in zip(found[1:], expected, strict=True):
        if known is not None:
            assert loss == pytest.approx(known, abs=6e-4)


def test_effective_order_lies_between_the_rungs() -> None:
    ladder = (4.0, 3.0, 2.0, 1.6, 1.7)
    assert effective_order(4.5, ladder) == 0
    assert effective_order(3.0, ladder) == pytest.approx(1)
    assert effective_order(2.5, ladder) == pytest.approx(1.5)
    assert effective_order(1.7, ladder) == pytest.approx(2.75)
    assert effective_order(1.6, ladder) == pytest.approx(3)
    assert effective_order(1.59, ladder) is None


def test_a_rung_that_is_no_better_does_not_count() -> None:
    assert best_rungs((4.0, 3.0, 3.5, 2.0, 2.1)) == [0, 1, 3]
    assert effective_order(2.5, (4.0, 3.0, 3.5, 2.0, 2.1)) == pytest.approx(2.0)
