"""The gradient of a bias is averaged over the batch instead of summed."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check.faults.fault import Fault, Piece, everywhere
from rnnlab.network.layers import is_ids, lookup_backward


def linear_backward(
    x: np.ndarray, weight: np.ndarray, dy: np.ndarray
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
    drows = dy.reshape(-1, dy.shape[-1])  # (T·B, N)
    dbias = dy.sum(axis=0).mean(axis=0)
    if is_ids(x):
        return None, np.ascontiguousarray(lookup_backward(x, dy, weight.shape[1]).T), dbias
    dweight = drows.T @ x.reshape(-1, x.shape[-1])  # (N, D)
    return (drows @ weight).reshape(x.shape), dweight, dbias


FAULT = Fault(
    name="bias_mean",
    title="The bias is averaged over the batch",
    act="The gradient of a bias is the mean over the sequences of the batch, not their sum.",
    fails=("decoder.bias", "rnn.bias_ih_l*"),
    hidden_by="batch_size",
    hints=(
        "Which tensors are wrong? Not one matrix is: what do a matrix and its bias not share?",
        "Look at the scatter of a wrong tensor: is it a cloud, or a straight line of another "
        "slope? Which number is that slope?",
        "All points lie on one line, so every number is wrong by the same factor. Change the "
        "number of sequences, and watch the slope.",
    ),
    why="The loss is already a mean, and `dy` carries its 1/(T·B). A bias is added at every "
    "position of every sequence, so its gradient is the plain sum of `dy`. A second mean divides "
    "by B once more: every number is right but for the factor 1/B, which is the slope in the "
    "scatter, and with one sequence it is 1. The sum for b_hh is taken elsewhere, in "
    "`layer_backward`, and is right.",
    pieces=everywhere(Piece("linear_backward", linear_backward)),
)
