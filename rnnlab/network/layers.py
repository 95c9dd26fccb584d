"""Recurrent layers through time and matrix products over sequences, forward and backward.

Time comes first in all arrays, (T, B, ·), so that one step is one contiguous block. An input may
be numbers, (T, B, D), or character ids, (T, B), which stand for one-hot vectors: a matrix times a
one-hot vector is a column of the matrix, so it is looked up and not multiplied.
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


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """weight x + bias at every position, (T, B, N), with weight (N, D) and bias (N,)."""
    if is_ids(x):
        return weight.T[x] + bias
    rows = x.reshape(-1, x.shape[-1])  # (T·B, D): one large product instead of T small ones
    return (rows @ weight.T + bias).reshape(*x.shape[:-1], len(bias))


def linear_backward(
    x: np.ndarray, weight: np.ndarray, dy: np.ndarray
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
    """The derivatives by x, weight and bias, given those by the result; None by ids."""
    drows = dy.reshape(-1, dy.shape[-1])  # (T·B, N)
    dbias = drows.sum(axis=0)
    if is_ids(x):
        return None, np.ascontiguousarray(lookup_backward(x, dy, weight.shape[1]).T), dbias
    dweight = drows.T @ x.reshape(-1, x.shape[-1])  # (N, D)
    return (drows @ weight).reshape(x.shape), dweight, dbias


def lookup_backward(ids: np.ndarray, dy: np.ndarray, vocab_size: int) -> np.ndarray:
    """The derivative by the table, (V, N), given that by the rows looked up, (T, B, N).

    Each row of the table gets the sum over all positions where it was used.
    """
    order = np.argsort(ids, axis=None, kind="stable")  # equal ids side by side
    used, starts = np.unique(ids.ravel()[order], return_index=True)
    dtable = np.zeros((vocab_size, dy.shape[-1]), dy.dtype)
    dtable[used] = np.add.reduceat(dy.reshape(-1, dy.shape[-1])[order], starts)
    return dtable


def is_ids(x: np.ndarray) -> bool:
    """Whether the input is character ids, and not numbers."""
    return x.dtype.kind in "iu"
