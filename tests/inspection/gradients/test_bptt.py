"""Whose loss reaches which step: torch through unrolled cells, and decays known beforehand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnnlab.inspection.gradients.backward import backward_per_prediction, fresh_network, in_double
from rnnlab.inspection.gradients.bptt import bound, decay, itemised, reading
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.tape import DivergedModelError
from tests.inspection.reading import random_network

V, D, H, T, SKIP = 7, 3, 5, 8, 4
IDS = np.random.default_rng(3).integers(0, V, SKIP + T + 1)


def net(cell: str, num_layers: int = 2) -> CharRNN:
    return in_double(random_network(Architecture(cell, V, D, H, num_layers)))


def unrolled(model: CharRNN) -> tuple[list[torch.Tensor], list[list[dict[str, torch.Tensor]]]]:
    """The loss of each step and the states that it went through, with torch's single cells; the
    characters to skip are read first, and detached."""
    sizes, params = model.architecture, {n: torch.tensor(p) for n, p in model.params.items()}
    kinds = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}
    cells = []
    for k in range(sizes.num_layers):
        more = {} if sizes.cell in kinds else {"nonlinearity": sizes.cell.removeprefix("rnn_")}
        cell = kinds.get(sizes.cell, torch.nn.RNNCell)(H if k else D, H, **more).double()
        cell.load_state_dict(
            {n.removesuffix(f"_l{k}")[4:]: p for n, p in params.items() if n.endswith(f"_l{k}")}
        )
        cells.append(cell)
    states: list = [None] * sizes.num_layers
    losses, seen = [], []
    for t in range(SKIP + T):
        x = params["embedding.weight"][int(IDS[t])][None]
        seen.append([])
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            both = states[k] if sizes.cell == "lstm" else (states[k],)
            if t == SKIP - 1:
                both = tuple(part.detach() for part in both)
                states[k] = both if sizes.cell == "lstm" else both[0]
            seen[-1].append(dict(zip("hc", both, strict=False)))
            x = both[0]
        logits = x @ params["decoder.weight"].T + params["decoder.bias"]
        target = torch.tensor([int(IDS[t + 1])])
        losses.append(torch.nn.functional.cross_entropy(logits, target))
    return losses[SKIP:], seen[SKIP:]


def by_autograd(model: CharRNN, state: str, layer: int) -> np.ndarray:
    losses, seen = unrolled(model)
    norms = np.zeros((T, T))
    for t, loss in enumerate(losses):
        wanted = [step[layer][state] for step in seen[: t + 1]]
        grads = torch.autograd.grad(loss, wanted, retain_graph=True)
        norms[t, : t + 1] = [float(grad.norm()) for grad in grads]
    return norms


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("cell", CELLS)
def test_every_row_is_that_of_autograd_through_unrolled_cells(cell: str, layer: int) -> None:
    model = net(cell)
    found = itemised(reading(model, IDS, SKIP), layer)
    np.testing.assert_allclose(found.by_h, by_autograd(model, "h", layer), rtol=1e-9, atol=1e-15)
    assert (found.by_c is not None) == (cell == "lstm")
    if cell == "lstm":
        expected = by_autograd(model, "c", layer)
        np.testing.assert_allclose(found.of("c"), expected, rtol=1e-9, atol=1e-15)


def test_what_each_prediction_says_adds_up_to_the_gradient_of_training() -> None:
    """∂L_t/∂u_s ⊗ h_{s−1} over all t and s is the gradient by W_hh that training would use."""
    for cell in CELLS:
        read = reading(net(cell), IDS, SKIP)
        expected = read.model.backward(read.tape, read.dlogits[None] / T)
        for layer in (0, 1):
            found = np.zeros_like(expected[f"rnn.weight_hh_l{layer}"])
            h = read.tape.trace("h", layer)[0]
            start = read.tape.initial_state[layer]["h"][0]
            for step in backward_per_prediction(
                read.model, read.tape, np.arange(T), read.dlogits / T
            ):
                before = h[step.t - 1] if step.t else start
                found += np.outer(step.du[layer].sum(axis=0), before)
            np.testing.assert_allclose(
                found, expected[f"rnn.weight_hh_l{layer}"], rtol=1e-10, atol=1e-16
            )


def linear_network(weight: np.ndarray) -> CharRNN:
    """A ReLU network that never leaves its ramp, so that a step back is a product with W_hhᵀ."""
    model = fresh_network("rnn_relu", V, len(weight))
    return with_params(model, weight_hh=weight, bias_ih=np.full(len(weight), 1e3))


def with_params(model: CharRNN, **values: np.ndarray) -> CharRNN:
    changed = {f"rnn.{name}_l0": np.asarray(value, float) for name, value in values.items()}
    return CharRNN(model.architecture, model.params | changed)


@pytest.mark.parametrize("size", [0.5, 0.9, 1.0])
def test_along_a_linear_recurrence_a_gradient_falls_as_the_power_of_its_eigenvalue(
    size: float,
) -> None:
    turning = np.roll(np.eye(6), 1, axis=0)  # all its eigenvalues lie on the unit circle
    ids = np.random.default_rng(2).integers(0, V, 61)
    found = itemised(reading(linear_network(size * turning), ids))
    lags = np.arange(60)[:, None] - np.arange(60)
    expected = np.diagonal(found.by_h)[:, None] * size ** np.maximum(lags, 0) * (lags >= 0)
    np.testing.assert_allclose(found.by_h, expected, rtol=1e-9)
    fall = decay(found.by_h)
    np.testing.assert_allclose(fall.norms, size ** np.arange(len(fall.norms)), rtol=1e-9)
    if size < 1:
        assert fall.half_life == pytest.approx(np.log(0.5) / np.log(size))


def test_each_eigenvalue_has_a_decay_of_its_own() -> None:
    """With a diagonal W_hh, the unit that the loss looks at decides how fast it fades."""
    values = np.array([0.95, 0.6, 0.2])
    model = linear_network(np.diag(values))
    for unit, value in enumerate(values):
        decoder = np.zeros((V, 3))
        decoder[:, unit] = np.linspace(-1e-3, 1e-3, V)
        told = CharRNN(model.architecture, model.params | {"decoder.weight": decoder})
        norms = decay(itemised(reading(told, IDS)).by_h).norms
        np.testing.assert_allclose(norms, value ** np.arange(len(norms)), rtol=1e-9)


def test_open_forget_gates_keep_a_gradient_and_closed_ones_end_it() -> None:
    """Without a way through h, ∂c_t/∂c_s is Π f alone: f = σ(2)."""
    model = fresh_network("lstm", V, H)
    bias = np.repeat([0.0, 2.0, 0.0, 0.0], H)
    silent = np.zeros((4 * H, H))
    model = with_params(
        model, weight_hh=silent, weight_ih=np.zeros((4 * H, V)), bias_ih=bias, bias_hh=0 * bias
    )
    kept = 1 / (1 + np.exp(-2.0))
    found = itemised(reading(model, IDS))
    np.testing.assert_allclose(found.by_c, found.carried, rtol=1e-12)
    norms = decay(found.of("c")).norms
    np.testing.assert_allclose(norms, kept ** np.arange(len(norms)), rtol=1e-9)


def test_what_a_gru_carries_is_what_its_update_gate_keeps() -> None:
    model = fresh_network("gru", V, H)
    bias = np.repeat([0.0, 3.0, 0.0], H)
    silent = np.zeros((3 * H, H))
    model = with_params(
        model, weight_hh=silent, weight_ih=np.zeros((3 * H, V)), bias_ih=bias, bias_hh=0 * bias
    )
    found = itemised(reading(model, IDS))
    np.testing.assert_allclose(found.by_h, found.carried, rtol=1e-12)
    norms = decay(found.by_h).norms
    np.testing.assert_allclose(norms, (1 / (1 + np.exp(-3.0))) ** np.arange(len(norms)), rtol=1e-9)


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu"])
def test_no_gradient_of_a_plain_cell_is_above_the_bound_of_theory(cell: str) -> None:
    read = reading(net(cell), IDS, SKIP)
    norms, most = itemised(read).by_h, bound(read)
    assert most is not None
    lags = np.maximum(np.arange(T)[:, None] - np.arange(T), 0)
    assert (norms <= np.diagonal(norms)[:, None] * most**lags * (1 + 1e-12)).all()
    assert bound(reading(net("gru"), IDS)) is None


def test_a_gradient_survives_where_single_precision_loses_its_squares() -> None:
    ids = np.random.default_rng(1).integers(0, 65, 201)
    norms = itemised(reading(fresh_network("rnn_tanh", 65, 32), ids)).by_h
    assert 0 < norms[-1, 0] < 1e-30


def test_the_mean_is_over_predictions_and_relative_to_their_own_step() -> None:
    norms = np.tril(np.ones((12, 12)))
    norms[1:, :] *= 4.0
    norms[np.arange(1, 12), np.arange(11)] = np.r_[np.full(5, 2.0), np.full(6, 0.5)]
    assert decay(norms).norms[1] == pytest.approx(0.5 ** (5 / 11) * 0.125 ** (6 / 11))
    assert decay(norms, "median").norms[1] == 0.125
    assert len(decay(norms).norms) == 8  # five predictions reach back 7 steps
    assert len(decay(np.ones((1, 1))).norms) == 1
    assert decay(np.zeros((9, 9))).half_life == 0.0


def test_what_cannot_be_gone_back_through_is_refused() -> None:
    model = net("lstm")
    with pytest.raises(ValueError, match="has 1; choose a longer one"):
        reading(model, IDS[: SKIP + 1], SKIP)
    with pytest.raises(ValueError, match="float64"):
        reading(
            CharRNN(model.architecture, {n: p.astype(np.float32) for n, p in model.params.items()}),
            IDS,
        )
    with pytest.raises(DivergedModelError):
        reading(linear_network(1e160 * np.eye(3)), IDS)
