"""A network and naive Bayes together."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.training.tasks.scores import WEIGHTS, best_weight, product_of_experts


def logs(p: list[list[float]]) -> np.ndarray:
    return np.log(np.array(p))


def test_probabilities_are_multiplied_and_sum_to_one() -> None:
    a, b = logs([[0.6, 0.3, 0.1]]), logs([[0.1, 0.8, 0.1]])
    product = np.exp(a + 0.5 * b)
    np.testing.assert_allclose(np.exp(product_of_experts(a, b, 0.5)), product / product.sum())
    np.testing.assert_allclose(product_of_experts(a, b, 0.0), a)


def test_the_weight_is_the_one_with_the_lowest_loss() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(3, size=200)
    right = logs(np.where(np.eye(3)[truth] > 0, 0.8, 0.1).tolist())
    wrong = logs(np.where(np.eye(3)[(truth + 1) % 3] > 0, 0.8, 0.1).tolist())
    assert best_weight(wrong, right, truth) == WEIGHTS[-1]
    assert best_weight(right, wrong, truth) == 0.0
    losses = {
        w: -product_of_experts(wrong, right, w)[np.arange(200), truth].mean() for w in WEIGHTS
    }
    assert min(losses, key=losses.get) == best_weight(wrong, right, truth)
    assert losses[0.0] == pytest.approx(-np.log(0.1))
