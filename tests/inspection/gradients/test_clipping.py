"""Clipping by norm and by value, against torch's own functions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnnlab.inspection.gradients import clipping
from rnnlab.inspection.gradients.backward import fresh_network
from rnnlab.inspection.gradients.clipping import batch_gradient, clipped
from rnnlab.network.cells import CELLS
from rnnlab.network.losses import cross_entropy
from rnnlab.text.batching import Streams
from rnnlab.training.optimizers import grad_norm

V, H = 6, 5
IDS = np.random.default_rng(7).integers(0, V, 121)
BATCHER = Streams(IDS, seq_length=8, batch_size=4)
LIMITS = [1e-4, 1e-2, 0.1, 10.0]
TORCH = {
    "norm": torch.nn.utils.clip_grad_norm_,
    "value": torch.nn.utils.clip_grad_value_,
}


@pytest.fixture(scope="module", params=CELLS)
def gradient(request: pytest.FixtureRequest) -> clipping.BatchGradient:
    return batch_gradient(fresh_network(request.param, V, H), BATCHER, 1, sums=False)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("how", TORCH)
def test_what_is_left_is_what_torch_leaves(
    gradient: clipping.BatchGradient, how: str, limit: float
) -> None:
    params = [torch.nn.Parameter(torch.zeros(grad.shape)) for grad in gradient.grads.values()]
    for param, grad in zip(params, gradient.grads.values(), strict=True):
        param.grad = torch.tensor(grad, dtype=param.dtype)
    TORCH[how](params, limit)
    found = clipped(gradient.grads, gradient.norm, how, limit)
    expected = [float(param.grad.norm()) for param in params]
    np.testing.assert_allclose(list(found.norms.values()), expected, rtol=1e-4)


def test_clipping_by_norm_keeps_the_direction_and_by_value_does_not(
    gradient: clipping.BatchGradient,
) -> None:
    for limit in LIMITS:
        by_norm = clipped(gradient.grads, gradient.norm, "norm", limit)
        assert by_norm.cosine == pytest.approx(1)
        assert by_norm.norm == pytest.approx(min(limit, gradient.norm), rel=1e-4)
    elements = np.concatenate([grad.ravel() for grad in gradient.grads.values()])
    limit = float(np.median(np.abs(elements)))
    by_value = clipped(gradient.grads, gradient.norm, "value", limit)
    assert by_value.cosine < 0.99
    assert by_value.touched == np.mean(np.abs(elements) > limit) == pytest.approx(0.5, abs=0.01)
    assert clipped(gradient.grads, gradient.norm, "value", 1e3).touched == 0


def test_a_gradient_is_not_changed_by_looking_at_it(gradient: clipping.BatchGradient) -> None:
    before = grad_norm(gradient.grads)
    clipped(gradient.grads, gradient.norm, "value", 1e-5)
    assert grad_norm(gradient.grads) == before == gradient.norm


def test_the_sum_over_a_sequence_is_its_length_times_the_mean() -> None:
    model = fresh_network("lstm", V, H)
    mean, total = (batch_gradient(model, BATCHER, 1, sums=sums) for sums in (False, True))
    assert total.norm == pytest.approx(8 * mean.norm)
    assert total.loss == mean.loss


def test_a_state_that_is_carried_on_comes_from_the_batch_before() -> None:
    model = fresh_network("gru", V, H)
    first, second = BATCHER.batch(1), BATCHER.batch(2)
    tape = model.forward(second.inputs, model.forward(first.inputs).final_state)
    loss, dlogits = cross_entropy(tape.logits, second.targets)
    found = batch_gradient(model, BATCHER, 2, sums=False)
    assert found.loss == pytest.approx(loss)
    for name, grad in model.backward(tape, dlogits).items():
        np.testing.assert_allclose(found.grads[name], grad, rtol=1e-12)


def test_of_a_batch_that_takes_long_only_the_first_rows_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clipping, "MAX_HIDDEN_VALUES", 2 * 8 * H)
    assert batch_gradient(fresh_network("gru", V, H), BATCHER, 0, sums=False).shape == (2, 8)
    monkeypatch.setattr(clipping, "MAX_HIDDEN_VALUES", 3 * H)
    assert batch_gradient(fresh_network("gru", V, H), BATCHER, 0, sums=False).shape == (1, 3)
