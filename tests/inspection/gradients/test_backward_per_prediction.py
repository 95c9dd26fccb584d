"""Itemised backpropagation: rows are single predictions, and their sum is what training uses."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.gradients.backward import backward_per_prediction, in_double
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.losses import cross_entropy
from tests.inspection.reading import random_network

V, D, H, T = 7, 3, 5, 9
RNG = np.random.default_rng(3)
TEXT, TARGETS = RNG.integers(0, V, T), RNG.integers(0, V, T)


@pytest.fixture(params=CELLS)
def model(request: pytest.FixtureRequest) -> CharRNN:
    return in_double(random_network(Architecture(request.param, V, D, H, 2)))


def rows_by_single_walks(model: CharRNN, dlogits: np.ndarray) -> np.ndarray:
    """(T, T, D): what each prediction feels of each input, one prediction at a time."""
    dx = np.zeros((T, T, D))
    for place in range(T):
        tape = model.forward(TEXT[None, : place + 1])  # the future is not even read
        for step in backward_per_prediction(model, tape, np.array([place]), dlogits[[place]]):
            dx[place, step.t] = step.dx[0]
    return dx


def test_all_rows_at_once_are_the_rows_one_by_one(model: CharRNN) -> None:
    tape = model.forward(TEXT[None])
    _, dlogits = cross_entropy(tape.logits, TARGETS[None])
    together = np.zeros((T, T, D))
    for step in backward_per_prediction(model, tape, np.arange(T), dlogits[0]):
        together[step.first :, step.t] = step.dx
    np.testing.assert_allclose(together, rows_by_single_walks(model, dlogits[0]), rtol=1e-10)


def test_the_rows_add_up_to_the_gradient_of_training(model: CharRNN) -> None:
    tape = model.forward(TEXT[None])
    _, dlogits = cross_entropy(tape.logits, TARGETS[None])
    by_character = np.zeros((V, D))
    for step in backward_per_prediction(model, tape, np.arange(T), dlogits[0]):
        by_character[TEXT[step.t]] += step.dx.sum(axis=0)
    expected = model.backward(tape, dlogits)["embedding.weight"]
    np.testing.assert_allclose(by_character, expected, rtol=1e-10, atol=1e-15)


def test_stopping_at_a_layer_changes_nothing_of_what_lies_above_it(model: CharRNN) -> None:
    tape = model.forward(TEXT[None])
    _, dlogits = cross_entropy(tape.logits, TARGETS[None])
    walks = [
        backward_per_prediction(model, tape, np.arange(T), dlogits[0], lowest) for lowest in (0, 1)
    ]
    for whole, upper in zip(*walks, strict=True):
        np.testing.assert_array_equal(upper.dh[1], whole.dh[1])
        np.testing.assert_array_equal(upper.du[1], whole.du[1])
        assert upper.dx.shape[1] == H
        assert not upper.dh[0].size
