"""Gradients by lag: autograd through unrolled cells is the oracle, and theory where it helps."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from rnnlab.inspection.gradients.backward import (
    GradientFlow,
    flow_over,
    fresh_network,
    gradient_flow,
    half_life,
    in_double,
    spectral_radius,
)
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from tests.inspection.reading import random_network

V, H, T = 7, 5, 9
TEXT = np.random.default_rng(3).integers(0, V, T)
TARGET = 4


def net(cell: str, num_layers: int, embedding_size: int = 0) -> CharRNN:
    """Weights far from zero, in float64."""
    return in_double(random_network(Architecture(cell, V, embedding_size, H, num_layers)))


def torch_cell(cell: str, inputs: int) -> torch.nn.Module:
    """One unrolled cell of torch."""
    if cell in ("lstm", "gru"):
        return (torch.nn.LSTMCell if cell == "lstm" else torch.nn.GRUCell)(inputs, H)
    return torch.nn.RNNCell(inputs, H, nonlinearity=cell.removeprefix("rnn_"))


def by_autograd(model: CharRNN) -> list[float]:
    """Norms of the gradient of the last loss by the top hidden state at each lag."""
    sizes, params = model.architecture, {n: torch.tensor(p) for n, p in model.params.items()}
    cells = []
    for k in range(sizes.num_layers):
        cells.append(torch_cell(sizes.cell, H if k else (sizes.embedding_size or V)).double())
        cells[k].load_state_dict(
            {n.removesuffix(f"_l{k}")[4:]: p for n, p in params.items() if n.endswith(f"_l{k}")}
        )
    table = params.get("embedding.weight", torch.eye(V, dtype=torch.float64))
    states: list = [None] * sizes.num_layers
    tops = []
    for character in TEXT:
        x = table[int(character)][None]
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0] if sizes.cell == "lstm" else states[k]
        x.retain_grad()
        tops.append(x)
    logits = x @ params["decoder.weight"].T + params["decoder.bias"]
    torch.nn.functional.cross_entropy(logits, torch.tensor([TARGET])).backward()
    return [float(top.grad.norm()) for top in reversed(tops)]


@pytest.mark.parametrize("embedding_size", [0, 4])
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_norms_are_those_of_autograd_through_unrolled_cells(
    cell: str, num_layers: int, embedding_size: int
) -> None:
    model = net(cell, num_layers, embedding_size)
    norms = gradient_flow(model, TEXT, TARGET)
    np.testing.assert_allclose(norms, by_autograd(model), rtol=1e-9)


def test_a_tanh_gradient_stays_below_the_bound_of_theory() -> None:
    model = fresh_network("rnn_tanh", V, 32)
    norms = gradient_flow(model, np.tile(TEXT, 5), TARGET)
    largest = np.linalg.norm(model.params["rnn.weight_hh_l0"], ord=2)  # tanh′ ≤ 1
    assert (norms <= norms[0] * largest ** np.arange(len(norms)) * (1 + 1e-12)).all()


def test_a_default_tanh_network_forgets_and_a_boosted_one_explodes() -> None:
    text = np.random.default_rng(1).integers(0, 65, 600)
    default = fresh_network("rnn_tanh", 65, 128)
    assert 0 < flow_over(default, text, 60).half_life < 3
    boosted = flow_over(fresh_network("rnn_relu", 65, 128, gain=6.0), text, 60)
    assert boosted.half_life < 0  # it doubles
    assert boosted.norms[-1] > 1e3 * boosted.norms[0]


def test_the_spectral_radius_is_that_of_the_circular_law() -> None:
    # Entries uniform in ±1/√H have variance 1/(3 H): the eigenvalues fill a disc of radius 1/√3;
    # single ones may lie a little outside it.
    assert spectral_radius(fresh_network("rnn_tanh", 5, 512)) == pytest.approx(0.577, abs=0.04)
    assert spectral_radius(fresh_network("gru", 5, 30, scheme="identity")) == pytest.approx(1.0)


def test_an_identity_recurrence_of_ramps_keeps_the_gradient() -> None:
    text = np.random.default_rng(1).integers(0, 65, 600)
    kept = flow_over(fresh_network("rnn_relu", 65, 128, scheme="identity"), text, 60)
    lost = flow_over(fresh_network("rnn_relu", 65, 128), text, 60)
    assert kept.reach == 60
    assert lost.reach < 20


def test_the_half_life_of_a_known_decay() -> None:
    assert half_life(3.0 * 0.5 ** (np.arange(40) / 7)) == pytest.approx(7)
    assert half_life(2.0 ** np.arange(10)) == pytest.approx(-1)
    assert half_life(np.r_[1.0, np.zeros(20)]) == 0.0
    assert math.isinf(half_life(np.ones(5)))


def test_what_is_lost_to_rounding_does_not_count() -> None:
    decay = 0.01 ** np.arange(30.0)
    assert half_life(np.maximum(decay, 1e-30)) == pytest.approx(math.log(0.5) / math.log(0.01))
    assert GradientFlow(decay, 0.0).reach == 2  # 1, 0.01, then 0.0001


def test_single_precision_is_refused() -> None:
    architecture = Architecture("gru", V, 0, H, 1)
    with pytest.raises(ValueError, match="float64"):
        gradient_flow(random_network(architecture), TEXT, TARGET)
