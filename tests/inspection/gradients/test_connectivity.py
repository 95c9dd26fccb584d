"""Which characters a prediction depends on: torch as the oracle, and networks that are known."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from rnnlab.inspection.gradients.backward import in_double
from rnnlab.inspection.gradients.connectivity import (
    connectivity,
    drawn_others,
    mean_by_lag,
    occlusion,
    shares,
    within,
)
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.reading import state_after
from rnnlab.network.tape import State
from tests.inspection.planted import delay_line
from tests.inspection.reading import random_network

V, D, H, T = 7, 3, 5, 9
RNG = np.random.default_rng(3)
BEFORE, TEXT, TARGETS = (RNG.integers(0, V, n) for n in (4, T, T))


def network(cell: str, embedding_size: int, num_layers: int) -> CharRNN:
    architecture = Architecture(cell, V, embedding_size, H, num_layers)
    params = initial_params(architecture, "pytorch", np.random.default_rng(1), forget_bias=0.5)
    return in_double(CharRNN(architecture, params))


def torch_cells(model: CharRNN) -> list[torch.nn.Module]:
    """One unrolled cell a layer, with the weights of the network."""
    kinds = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}
    cells = []
    for k in range(model.architecture.num_layers):
        given = {
            name: torch.from_numpy(model.params[f"rnn.{name}_l{k}"])
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        }
        size = given["weight_ih"].shape[1]
        name = model.architecture.cell
        if name in kinds:
            cell = kinds[name](size, H)
        else:
            cell = torch.nn.RNNCell(size, H, nonlinearity=name.removeprefix("rnn_"))
        cell.double().load_state_dict(given)
        cells.append(cell)
    return cells


def rows_of_torch(model: CharRNN, start: State) -> np.ndarray:
    """(T, T): one backward pass of autograd a prediction, down to one-hot vectors."""
    x = torch.eye(V, dtype=torch.float64)[torch.from_numpy(TEXT)].requires_grad_()
    states = [tuple(torch.from_numpy(layer[name]) for name in model.cell.states) for layer in start]
    logits = []
    for step in x:
        given = step[None]
        if model.architecture.embedding_size:
            given = given @ torch.from_numpy(model.params["embedding.weight"])
        for k, cell in enumerate(torch_cells(model)):
            new = cell(given, states[k] if len(states[k]) > 1 else states[k][0])
            states[k] = new if isinstance(new, tuple) else (new,)
            given = states[k][0]
        decoder = torch.from_numpy(model.params["decoder.weight"])
        logits.append(given[0] @ decoder.T)
    rows = [
        torch.autograd.grad(o[target], x, retain_graph=True)[0].norm(dim=1)
        for o, target in zip(logits, TARGETS.tolist(), strict=True)
    ]
    return torch.stack(rows).numpy()


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("embedding_size", [0, D])
@pytest.mark.parametrize("cell", CELLS)
def test_one_walk_gives_the_rows_of_autograd(
    cell: str, embedding_size: int, num_layers: int
) -> None:
    model = network(cell, embedding_size, num_layers)
    for state in (None, state_after(model, BEFORE)):
        found = connectivity(model, TEXT, TARGETS, state)
        expected = rows_of_torch(model, state or model.initial_state(1))
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-15)
        assert (found[np.triu_indices(T, 1)] == 0).all()


@pytest.mark.parametrize("delay", [0, 1, 4])
def test_a_delay_line_depends_on_exactly_one_character(delay: int) -> None:
    """With delay 0 it is a network without memory."""
    text = np.random.default_rng(4).integers(0, V, 30)
    places = np.arange(30)
    targets = text[np.maximum(places - delay, 0)]  # the copies that it makes
    only = (places[:, None] - places == delay).astype(bool)
    gradient = connectivity(delay_line(delay, V), text, targets)
    occluded = occlusion(delay_line(delay, V), text, targets, drawn_others(text)).change
    for dependence in (gradient, occluded):
        assert (dependence[~only] == 0).all()
        assert (dependence[only] > 1).all()
        assert mean_by_lag(dependence, 1).nonzero()[0].tolist() == [delay]
        assert within(dependence, 0.9) == delay + 1


def test_shares_add_up_and_leave_empty_rows_empty() -> None:
    np.testing.assert_allclose(
        shares(np.array([[0.0, 0.0], [1.0, 3.0]])), [[0, 0], [0.25, 0.75]], rtol=1e-15
    )


def test_the_mean_over_a_lag_is_that_of_a_diagonal() -> None:
    matrix = np.array([[1.0, 0, 0], [2, 3, 0], [8, 4, 5]])
    np.testing.assert_allclose(mean_by_lag(matrix, fewest=1), [3, 3, 8])
    np.testing.assert_allclose(mean_by_lag(matrix, fewest=2), [3, 3])


def test_half_of_the_dependence_lies_within_as_many_characters() -> None:
    halving = np.tril(0.5 ** np.subtract.outer(np.arange(40.0), np.arange(40)))
    assert [within(halving, share) for share in (0.4, 0.7, 0.9)] == [1, 2, 4]
    assert within(np.eye(6), 0.5) == 1


def test_a_matrix_of_120_characters_takes_less_than_a_second() -> None:
    """Two layers of 128 units, on one core as in the app: about 0.07 s of its time."""
    model = random_network(Architecture("lstm", 65, 32, 128, 2))
    ids = np.random.default_rng(2).integers(0, 65, 121)
    with threadpool_limits(1):
        began = time.thread_time()  # others may use the core meanwhile
        connectivity(model, ids[:-1], ids[1:])
        assert time.thread_time() - began < 1


def test_derivatives_beyond_all_numbers_are_refused_with_a_sentence() -> None:
    model = network("rnn_relu", 0, 1)
    model.params["rnn.weight_ih_l0"][:] = 1.0
    for strength, sentence in ((1e25, "gradient explodes"), (1e60, "hidden values grow")):
        model.params["rnn.weight_hh_l0"][:] = strength
        with pytest.raises(ValueError, match=sentence):
            connectivity(model, TEXT, TARGETS)


@pytest.mark.parametrize("read", [0, 3])
def test_a_text_without_a_next_character_each_is_refused(read: int) -> None:
    with pytest.raises(ValueError, match="at least two characters"):
        connectivity(network("gru", 0, 1), TEXT[:read], TARGETS[: read // 2])
