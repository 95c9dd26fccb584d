"""Matrix products over whole sequences, forward and backward.

The input may be numbers, (T, B, D), or character ids, (T, B), which stand for one-hot vectors: a
matrix times a one-hot vector is a column of the matrix, so it is looked up and not multiplied.
"""

from __future__ import annotations

import numpy as np


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
