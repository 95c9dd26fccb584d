"""The gradient of a bias counts the last step only."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check.faults.fault import Fault, Piece, everywhere
from rnnlab.network.layers import is_ids, lookup_backward


def linear_backward(
    x: np.ndarray, weight: np.ndarray, dy: np.ndarray
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
    drows = dy.reshape(-1, dy.shape[-1])  # (T·B, N)
    dbias = dy[-1].sum(axis=0)
    if is_ids(x):
        return None, np.ascontiguousarray(lookup_backward(x, dy, weight.shape[1]).T), dbias
    dweight = drows.T @ x.reshape(-1, x.shape[-1])  # (N, D)
    return (drows @ weight).reshape(x.shape), dweight, dbias


FAULT = Fault(
    name="bias_last",
    title="The bias is summed over the last step only",
    act="The gradient of a bias is that of the last step; the steps before it are forgotten.",
    fails=("decoder.bias", "rnn.bias_ih_l*"),
    hidden_by="seq_length",
    hints=(
        "Which tensors are wrong? Not one matrix is: what do a matrix and its bias not share?",
        "Look at the scatter of a wrong tensor: a straight line would mean one wrong factor. Is it "
        "one?",
        "It is a cloud, so something is missing that differs from number to number. Change the "
        "number of sequences, then the number of steps: which of them makes it go away?",
    ),
    why="A bias is added at every step, so its gradient sums over the steps. The code keeps the "
    "last one, `dy[-1]`. What is missing differs from unit to unit, so the scatter is a cloud, and "
    "no number of sequences mends it; with one step nothing is missing. The sum for b_hh is taken "
    "elsewhere, in `layer_backward`, and is right.",
    pieces=everywhere(Piece("linear_backward", linear_backward)),
)
