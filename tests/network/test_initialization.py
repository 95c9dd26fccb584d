"""Where weights start."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN, Params
from rnnlab.network.initialization import SCHEMES, initial_params
from rnnlab.network.losses import cross_entropy

every_cell = pytest.mark.parametrize("cell", CELLS)
every_scheme = pytest.mark.parametrize("scheme", SCHEMES)


def fresh(
    cell: str, scheme: str, embedding_size: int = 0, layers: int = 1, hidden: int = 32
) -> Params:
    architecture = Architecture(cell, 65, embedding_size, hidden, layers)
    return initial_params(architecture, scheme, np.random.default_rng(0))


@every_scheme
@every_cell
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("embedding_size", [0, 16])
def test_a_fresh_network_has_no_opinion(
    cell: str, scheme: str, layers: int, embedding_size: int
) -> None:
    model = CharRNN.from_params(cell, fresh(cell, scheme, embedding_size, layers, 128))
    rng = np.random.default_rng(1)
    ids = rng.integers(0, 65, (8, 101)) // 3  # not all characters are equally frequent
    state = model.forward(ids[:, :-1]).final_state  # what a second batch would start from
    loss, _ = cross_entropy(model.forward(ids[:, :-1], state).logits, ids[:, 1:])
    assert loss == pytest.approx(math.log(65), abs=0.1)


@every_scheme
@every_cell
def test_every_parameter_is_there_in_float32_and_repeatable(cell: str, scheme: str) -> None:
    first, second = fresh(cell, scheme, 8, 2), fresh(cell, scheme, 8, 2)
    CharRNN.from_params(cell, first)
    for name, param in first.items():
        assert param.dtype == np.float32
        np.testing.assert_array_equal(param, second[name])


@every_cell
def test_pytorch_draws_within_one_over_the_root_of_the_units(cell: str) -> None:
    params = fresh(cell, "pytorch", 8)
    embedding = params.pop("embedding.weight")
    bound = 1 / math.sqrt(32)
    for name, param in params.items():
        assert np.abs(param).max() <= bound
        if param.size > 1000:  # uniform: standard deviation bound/√3
            assert param.std() == pytest.approx(bound / math.sqrt(3), rel=0.1), name
    assert embedding.std() == pytest.approx(1, rel=0.15)  # 520 draws: ±0.15 is 4.8 σ


@every_cell
def test_orthogonal_blocks_turn_and_do_not_stretch(cell: str) -> None:
    weight = fresh(cell, "orthogonal")["rnn.weight_hh_l0"]
    for block in np.split(weight, CELLS[cell].blocks):
        np.testing.assert_allclose(block @ block.T, np.eye(32), atol=1e-5)


@pytest.mark.parametrize(
    ("cell", "block"), [("rnn_tanh", 0), ("rnn_relu", 0), ("lstm", 2), ("gru", 2)]
)
def test_identity_copies_the_state_in_the_candidate(cell: str, block: int) -> None:
    blocks = np.split(fresh(cell, "identity")["rnn.weight_hh_l0"], CELLS[cell].blocks)
    np.testing.assert_array_equal(blocks.pop(block), np.eye(32))
    assert all(np.abs(other).max() < 0.01 for other in blocks)


def test_a_relu_network_that_starts_at_the_identity_remembers() -> None:
    params = fresh("rnn_relu", "identity")
    model = CharRNN.from_params("rnn_relu", params)
    state = [{"h": np.full((1, 32), 3.0, np.float32)}]
    params["rnn.weight_ih_l0"][:] = 0
    after = model.forward(np.zeros((1, 200), int), state).final_state
    np.testing.assert_array_equal(after[0]["h"], state[0]["h"])


@every_cell
def test_xavier_fits_each_block_by_itself(cell: str) -> None:
    params = fresh(cell, "xavier")
    assert np.abs(params["rnn.weight_ih_l0"]).max() == pytest.approx(
        math.sqrt(6 / (65 + 32)), rel=0.02
    )
    assert np.abs(params["rnn.weight_hh_l0"]).max() == pytest.approx(
        math.sqrt(6 / (32 + 32)), rel=0.02
    )


@every_scheme
def test_the_forget_bias_is_added_to_forget_gates_only(scheme: str) -> None:
    architecture = Architecture("lstm", 65, 0, 32, 2)
    plain = initial_params(architecture, scheme, np.random.default_rng(0))
    biased = initial_params(architecture, scheme, np.random.default_rng(0), forget_bias=1.5)
    for name, param in plain.items():
        expected = param.copy()
        if "bias_ih" in name:
            expected[32:64] += 1.5
        np.testing.assert_allclose(biased[name], expected, rtol=1e-6)


def test_a_scheme_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no initialization 'he'; choose pytorch, orthogonal"):
        fresh("gru", "he")
