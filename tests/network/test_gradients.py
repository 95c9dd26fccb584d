"""Finite differences are the second oracle, also where torch has no counterpart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.clamps import Clamp
from rnnlab.network.layers import lookup_backward
from rnnlab.network.losses import cross_entropy
from rnnlab.network.tape import State

EPSILON = 1e-5


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("embedding_size", [0, 4])
@pytest.mark.parametrize("cell", CELLS)
def test_gradients_equal_finite_differences(
    make_model: Callable[..., CharRNN],
    make_state: Callable[..., State],
    ids: np.ndarray,
    targets: np.ndarray,
    mask: np.ndarray,
    cell: str,
    embedding_size: int,
    dropout: float,
) -> None:
    model = make_model(cell, 2, embedding_size)
    ids, targets, mask = ids[:2, :5], targets[:2, :5], mask[:2, :5]
    state = make_state(model, 2)

    def read() -> tuple[float, dict[str, np.ndarray]]:
        rng = np.random.default_rng(6)  # the same units are dropped each time
        tape = model.forward(ids, state, dropout=dropout, rng=rng)
        loss, dlogits = cross_entropy(tape.logits, targets, mask)
        return loss, model.backward(tape, dlogits)

    _, grads = read()
    for name, param in model.params.items():
        numeric = np.empty_like(param)
        for place in np.ndindex(param.shape):
            kept = param[place]
            param[place] = kept + EPSILON
            higher, _ = read()
            param[place] = kept - EPSILON
            lower, _ = read()
            param[place] = kept
            numeric[place] = (higher - lower) / (2 * EPSILON)
        error = np.linalg.norm(grads[name] - numeric)
        # Differences of losses near 2, each exact to 4e-16, over 2e-5: noise near 2e-11 an entry.
        floor = 1e-10 * np.sqrt(param.size)
        size = np.linalg.norm(grads[name]) + np.linalg.norm(numeric)
        assert error <= 1e-6 * size + floor, name


def test_characters_that_do_not_occur_get_no_gradient(
    make_model: Callable[..., CharRNN], ids: np.ndarray, targets: np.ndarray
) -> None:
    model = make_model("gru", 1, 4)
    tape = model.forward(ids)
    grads = model.backward(tape, cross_entropy(tape.logits, targets)[1])
    assert not grads["embedding.weight"][6].any()
    assert grads["embedding.weight"][:6].all()


def test_a_row_of_a_table_gets_the_sum_over_its_uses() -> None:
    rng = np.random.default_rng(0)
    ids, dy = rng.integers(0, 9, (13, 4)), rng.normal(size=(13, 4, 3))
    expected = np.zeros((9, 3))
    np.add.at(expected, ids, dy)
    np.testing.assert_allclose(lookup_backward(ids, dy, 9), expected, rtol=1e-13)


def test_gradients_do_not_reach_back_beyond_the_tape(
    make_model: Callable[..., CharRNN], ids: np.ndarray, targets: np.ndarray
) -> None:
    """With W_hh the only way back, a network of one step cannot see what made its state."""
    model = make_model("lstm")
    state = model.forward(ids[:, :-1]).final_state
    tape = model.forward(ids[:, -1:], state)
    _, dlogits = cross_entropy(tape.logits, targets[:, -1:])
    grads = model.backward(tape, dlogits)
    unused = np.setdiff1d(np.arange(7), ids[:, -1])
    assert not grads["rnn.weight_ih_l0"][:, unused].any()


def test_a_clamped_tape_has_no_backward_pass(
    make_model: Callable[..., CharRNN], ids: np.ndarray
) -> None:
    model = make_model("lstm")
    tape = model.forward(ids, clamps=[Clamp(0, "c", 1, 0.5)])
    with pytest.raises(ValueError, match="no backward pass"):
        model.backward(tape, np.zeros(tape.logits.shape))
