"""The NumPy optimizers and clipping against torch's, array by array."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from rnnlab.training.optimizers import OPTIMIZERS, clip_grads, grad_norm

TORCH = {
    "sgd": torch.optim.SGD,
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
    # A sum of squares that begins at ε is the same as an ε under the root.
    "adagrad_root": partial(torch.optim.Adagrad, initial_accumulator_value=1e-8, eps=0.0),
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_equal_those_of_torch(name: str, weight_decay: float) -> None:
    rng = np.random.default_rng(3)
    params = {"a": rng.standard_normal((3, 4)), "b": rng.standard_normal(5)}
    twins = [torch.nn.Parameter(torch.tensor(p)) for p in params.values()]
    ours = OPTIMIZERS[name](params, weight_decay)
    theirs = TORCH[name](twins, lr=1.0, weight_decay=weight_decay)
    for step in range(40):
        rate = 0.1 / (1 + step)  # a schedule changes it from update to update
        grads = {n: rng.standard_normal(p.shape) for n, p in params.items()}
        ours.step(grads, rate)
        theirs.param_groups[0]["lr"] = rate
        for twin, grad in zip(twins, grads.values(), strict=True):
            twin.grad = torch.tensor(grad)
        theirs.step()
    for p, twin in zip(params.values(), twins, strict=True):
        np.testing.assert_allclose(p, twin.detach().numpy(), rtol=0, atol=1e-12)
    for slot in ours.slot_names:
        start = 1e-8 if name == "adagrad_root" else 0.0
        theirs_now = theirs.state[twins[1]][slot].numpy() - start
        np.testing.assert_allclose(ours.slots[slot]["b"], theirs_now)


@pytest.mark.parametrize("limit", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("clipping", ["none", "norm", "value"])
def test_clipping_equals_that_of_torch(clipping: str, limit: float) -> None:
    rng = np.random.default_rng(4)
    grads = {"a": rng.standard_normal((3, 4)), "b": rng.standard_normal(5)}
    twins = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.double)) for g in grads.values()]
    for twin, grad in zip(twins, grads.values(), strict=True):
        twin.grad = torch.tensor(grad)
    norm = grad_norm(grads)
    assert norm == pytest.approx(
        np.linalg.norm(np.concatenate([g.ravel() for g in grads.values()]))
    )
    if clipping == "norm":
        torch.nn.utils.clip_grad_norm_(twins, limit)
    elif clipping == "value":
        torch.nn.utils.clip_grad_value_(twins, limit)
    clip_grads(grads, clipping, limit, norm)
    for twin, grad in zip(twins, grads.values(), strict=True):
        np.testing.assert_allclose(grad, twin.grad.numpy(), rtol=1e-12)
