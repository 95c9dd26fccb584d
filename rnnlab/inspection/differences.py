"""Finite differences of the loss of a small character RNN, for all weights of a tensor at once."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check import EPSILON
from rnnlab.network.cells import Cell, Values
from rnnlab.network.losses import log_softmax
from rnnlab.network.models import CharRNN, Params
from rnnlab.network.tape import State


def differences(
    model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State
) -> dict[str, np.ndarray]:
    """(loss(θ + ε) − loss(θ − ε)) / 2ε for every weight θ, by the name of its tensor.

    Only the forward pass of `model.cell` is used, so a fault in a backward pass cannot be in it.

    Args:
        model: float64, one-hot inputs.
        ids, targets: (B, T).
        state: before the first character.
    """
    return {
        name: tensor_differences(model, name, ids, targets, state).reshape(param.shape)
        for name, param in model.params.items()
    }


def tensor_differences(
    model: CharRNN, name: str, ids: np.ndarray, targets: np.ndarray, state: State
) -> np.ndarray:
    """The finite differences by one tensor, (N,) for its N weights: 2N losses at once."""
    param = model.params[name]
    moved = EPSILON * np.eye(param.size).reshape(param.size, *param.shape)  # (N, …)
    both = np.concatenate([param + moved, param - moved])  # (2N, …)
    found = losses(model.cell, model.params | {name: both}, ids, targets, state)
    higher, lower = np.split(found, 2)
    return (higher - lower) / (2 * EPSILON)


def losses(
    cell: type[Cell], params: Params, ids: np.ndarray, targets: np.ndarray, state: State
) -> np.ndarray:
    """Mean losses, (P,), of P networks that differ in some tensors.

    Args:
        params: as of one network with one-hot inputs; some with a first axis of P more.
    """
    rows = params["rnn.weight_ih_l0"][..., ids.T]  # (…, N, T, B): columns looked up
    said = np.moveaxis(rows, -3, -1)  # (…, T, B, N)
    x = _layer(cell, params, 0, said, state[0])  # (…, T, B, H)
    for k in range(1, len(state)):
        said = _product(x, params[f"rnn.weight_ih_l{k}"])
        x = _layer(cell, params, k, said, state[k])
    logits = _product(x, params["decoder.weight"]) + params["decoder.bias"][..., None, None, :]
    log_p = log_softmax(logits)  # (…, T, B, V)
    wanted = targets.T.reshape((1,) * (log_p.ndim - 3) + (*targets.T.shape, 1))
    return -np.take_along_axis(log_p, wanted, axis=-1)[..., 0].mean(axis=(-2, -1))


def _layer(cell: type[Cell], params: Params, k: int, said: np.ndarray, state: Values) -> np.ndarray:
    """h of a layer at every step, given what W_ih makes of its inputs."""
    a = said + params[f"rnn.bias_ih_l{k}"][..., None, None, :]
    weight, bias = params[f"rnn.weight_hh_l{k}"], params[f"rnn.bias_hh_l{k}"]
    seen = []
    for t in range(a.shape[-3]):
        u = state["h"] @ weight.swapaxes(-1, -2) + bias[..., None, :]  # (…, B, N)
        state = cell.forward(a[..., t, :, :], u, state)
        seen.append(state["h"])
    return np.stack(seen, axis=-3)


def _product(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(…, T, B, D) times the transpose of (…, N, D)."""
    return x @ weight.swapaxes(-1, -2)[..., None, :, :]
