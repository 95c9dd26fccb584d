"""A character that occurs again overwrites the gradient of its column."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check.faults.fault import Fault, Piece, everywhere
from rnnlab.network.layers import is_ids


def linear_backward(
    x: np.ndarray, weight: np.ndarray, dy: np.ndarray
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
    drows = dy.reshape(-1, dy.shape[-1])  # (T·B, N)
    dbias = drows.sum(axis=0)
    if is_ids(x):
        dweight = np.zeros_like(weight)  # (N, V)
        dweight[:, x.ravel()] = drows.T
        return None, dweight, dbias
    dweight = drows.T @ x.reshape(-1, x.shape[-1])  # (N, D)
    return (drows @ weight).reshape(x.shape), dweight, dbias


FAULT = Fault(
    name="lookup",
    title="A repeated character overwrites",
    act="The gradient of a character's column is that of its last use; earlier ones are lost.",
    fails=("rnn.weight_ih_l0",),
    hidden_by="",
    hints=(
        "One tensor is wrong. What does it do that no other does?",
        "Look at it element by element: are its columns wrong everywhere, or some of them? Which "
        "characters are these?",
        "Count in the text how often each character of a wrong column is read. Then type a text in "
        "which no character occurs twice.",
    ),
    why="A one-hot vector picks a column of W_ih, so each use of a character adds to the gradient "
    "of its column. `dweight[:, ids] = …` assigns: of several uses the last one stays. Columns of "
    "characters that are read once are right, those of the others are wrong. `np.add.at`, or a sum "
    "over sorted ids as in the right code, adds.",
    pieces=everywhere(Piece("linear_backward", linear_backward)),
)
