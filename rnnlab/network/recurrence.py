"""One recurrent layer through time, forward and backward, for every cell.

Time comes first in all arrays, (T, B, ·), so that one step is one contiguous block.
"""

from __future__ import annotations

import numpy as np

from rnnlab.network.cells import Cell, Clamper, Values, untouched


def layer_forward(
    cell: type[Cell],
    a: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    state: Values,
    clamp: Clamper = untouched,
) -> Values:
    """Every value of the layer at every step, (T, B, H) each.

    Args:
        a: what the inputs say, (T, B, blocks · H).
        weight, bias: W_hh, (blocks · H, H), and b_hh, (blocks · H,).
        state: the state before the first step, (B, H) each.
    """
    values = {name: np.empty((*a.shape[:2], weight.shape[1]), a.dtype) for name in cell.VALUES}
    for t in range(len(a)):
        u = state["h"] @ weight.T + bias  # (B, blocks · H)
        state = cell.forward(a[t], u, state, clamp)
        for name, value in state.items():
            values[name][t] = value
    return values


def layer_backward(
    cell: type[Cell], values: Values, initial: Values, weight: np.ndarray, dh: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Backpropagation through time: the derivatives by a, by W_hh and by b_hh.

    Args:
        values, initial: what `layer_forward` gave, and the state it began with.
        dh: derivatives by h as it leaves the layer at each step, (T, B, H).
    Returns:
        da (T, B, blocks · H), dweight (blocks · H, H), dbias (blocks · H,).
    """
    previous = {
        name: np.concatenate([initial[name][None], values[name][:-1]]) for name in cell.states
    }
    da = np.empty((*dh.shape[:2], len(weight)), dh.dtype)
    du = np.empty_like(da)
    d = {name: np.zeros_like(initial[name]) for name in cell.states}  # none from beyond the end
    for t in reversed(range(len(dh))):
        d["h"] = d["h"] + dh[t]  # the future and the present both blame h_t
        da[t], du[t], d = cell.backward(at_step(values, t), at_step(previous, t), d)
        d["h"] = d.get("h", 0) + du[t] @ weight
    dweight = du.reshape(-1, len(weight)).T @ previous["h"].reshape(-1, weight.shape[1])
    return da, dweight, du.sum(axis=(0, 1))


def at_step(values: Values, t: int) -> Values:
    """The values of one step, (B, H) each."""
    return {name: value[t] for name, value in values.items()}
