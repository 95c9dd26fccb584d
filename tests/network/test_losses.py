"""Losses and their units."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from rnnlab.network.losses import (
    bits_per_character,
    cross_entropy,
    log_softmax,
    perplexity,
    softmax,
)


def test_guessing_costs_the_logarithm_of_the_vocabulary() -> None:
    loss, _ = cross_entropy(np.zeros((2, 3, 65)), np.zeros((2, 3), int))
    assert loss == pytest.approx(math.log(65))
    assert perplexity(loss) == pytest.approx(65)
    assert bits_per_character(loss) == pytest.approx(math.log2(65))


def test_units_also_convert_whole_curves() -> None:
    curve = np.array([math.log(2), math.log(8), np.nan])
    np.testing.assert_allclose(bits_per_character(curve), [1, 3, np.nan])
    np.testing.assert_allclose(perplexity(curve), [2, 8, np.nan])
    with np.errstate(all="raise"):
        assert perplexity(1e6) == math.inf


def test_softmax_of_huge_logits_does_not_overflow() -> None:
    logits = np.array([[1e30, 0.0, -1e30], [700.0, 710.0, 720.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(log_softmax(logits)).all()
        p = softmax(logits)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    expected = torch.softmax(torch.from_numpy(logits), 1).numpy()
    np.testing.assert_allclose(p, expected, rtol=1e-12)


def test_targets_that_do_not_count_change_nothing() -> None:
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(2, 5, 7)), rng.integers(0, 7, (2, 5))
    mask = np.ones((2, 5), bool)
    mask[1, 3:] = False
    loss, dlogits = cross_entropy(logits, targets, mask)
    logits[1, 3:], targets[1, 3:] = 9.0, 0
    again, _ = cross_entropy(logits, targets, mask)
    assert loss == again
    assert not dlogits[1, 3:].any()
    assert dlogits[mask].any(axis=1).all()


def test_where_no_target_counts_the_loss_is_zero() -> None:
    loss, dlogits = cross_entropy(np.ones((1, 2, 3)), np.zeros((1, 2), int), np.zeros((1, 2), bool))
    assert loss == 0
    assert not dlogits.any()


def test_neither_logits_nor_targets_are_changed() -> None:
    logits, targets = np.ones((1, 2, 3), np.float32), np.zeros((1, 2), int)
    _, dlogits = cross_entropy(logits, targets)
    assert (logits == 1).all()
    assert dlogits.dtype == np.float32
