"""Truncated gradients against torch with states detached, loss by loss and window by window."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnnlab.inspection.gradients.backward import fresh_network
from rnnlab.inspection.gradients.bptt import Against, GradientReading, reading, truncation
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN

V, H, T, SKIP = 6, 4, 9, 3
IDS = np.random.default_rng(5).integers(0, V, SKIP + T + 1)


@pytest.fixture(params=CELLS)
def read(request: pytest.FixtureRequest) -> GradientReading:
    return reading(fresh_network(request.param, V, H), IDS, SKIP)


def torch_gradient(model: CharRNN, starts: list[int]) -> np.ndarray:
    """By W_hh of the mean loss, the loss at t going back no further than to step starts[t]: the
    state before that is read without gradients."""
    cell = model.architecture.cell
    kinds = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    more = {} if cell in kinds else {"nonlinearity": cell.removeprefix("rnn_")}
    net = kinds.get(cell, torch.nn.RNN)(V, H, batch_first=True, **more).double()
    params = {name: torch.tensor(param) for name, param in model.params.items()}
    net.load_state_dict({n[4:]: p for n, p in params.items() if n.startswith("rnn.")})
    x = torch.nn.functional.one_hot(torch.tensor(IDS), V).double()[None]
    total = torch.zeros(())
    for t, start in enumerate(starts):
        with torch.no_grad():
            _, state = net(x[:, : SKIP + start])
        h, _ = net(x[:, SKIP + start : SKIP + t + 1], state)
        logits = h[0, -1:] @ params["decoder.weight"].T + params["decoder.bias"]
        target = torch.tensor([int(IDS[SKIP + t + 1])])
        total = total + torch.nn.functional.cross_entropy(logits, target) / T
    total.backward()
    return net.weight_hh_l0.grad.numpy()


def compare_with_torch(read: GradientReading, found: Against, truncated: np.ndarray) -> None:
    """Distance and angle between the truncated gradient and the full one, both by torch."""
    full = torch_gradient(read.model, [0] * T)
    error = np.linalg.norm(truncated - full) / np.linalg.norm(full)
    cosine = np.vdot(truncated, full) / (np.linalg.norm(truncated) * np.linalg.norm(full))
    np.testing.assert_allclose(found.error, [error], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.cosine, [cosine], rtol=1e-9)


@pytest.mark.parametrize("k", [1, 2, 4, T])
def test_each_loss_reaches_back_k_steps_as_in_torch_with_detached_states(
    read: GradientReading, k: int
) -> None:
    expected = torch_gradient(read.model, [max(t - k + 1, 0) for t in range(T)])
    compare_with_torch(read, truncation(read, np.array([k])).reach, expected)


@pytest.mark.parametrize("k", [1, 2, 4, T])
def test_windows_are_those_of_torch_with_detached_states(read: GradientReading, k: int) -> None:
    expected = torch_gradient(read.model, [t - t % k for t in range(T)])
    compare_with_torch(read, truncation(read, np.array([k])).windows, expected)


def test_nothing_is_cut_off_from_the_whole_text_on(read: GradientReading) -> None:
    found = truncation(read, np.array([T - 1, T, T + 1, 5 * T]))
    assert found.reach.error[0] > 0
    for kind in (found.reach, found.windows):
        np.testing.assert_array_equal(kind.error[1:], 0)  # exactly
        np.testing.assert_allclose(kind.cosine[1:], 1)
        np.testing.assert_allclose(kind.steps[1:], (T + 1) / 2)


def test_the_norm_of_the_full_gradient_is_that_of_the_backward_pass(read: GradientReading) -> None:
    expected = read.model.backward(read.tape, read.dlogits[None] / T)["rnn.weight_hh_l0"]
    assert truncation(read, np.array([1])).norm == pytest.approx(np.linalg.norm(expected))


def test_a_window_reaches_back_half_as_far_on_average(read: GradientReading) -> None:
    found = truncation(read, np.array([1, 3]))
    np.testing.assert_allclose(found.windows.steps, [1, 2])  # 1, 2, 3, 1, 2, 3, …
    np.testing.assert_allclose(found.reach.steps, [1, (1 + 2 + 7 * 3) / T])
    np.testing.assert_allclose(found.reach.error[0], found.windows.error[0])


def test_a_gradient_of_zero_is_refused() -> None:
    model = fresh_network("rnn_tanh", V, H)
    silent = CharRNN(model.architecture, model.params | {"decoder.weight": np.zeros((V, H))})
    with pytest.raises(ValueError, match="norm of the full gradient is 0"):
        truncation(reading(silent, IDS), np.array([1]))
