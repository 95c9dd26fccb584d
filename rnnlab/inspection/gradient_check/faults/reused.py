"""The state after the step is used where the state before it was read."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check.faults.fault import Fault, Piece, everywhere
from rnnlab.network.cells import Cell, Values
from rnnlab.network.layers import at_step


def layer_backward(
    cell: type[Cell], values: Values, initial: Values, weight: np.ndarray, dh: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    dweight = du.reshape(-1, len(weight)).T @ values["h"].reshape(-1, weight.shape[1])
    return da, dweight, du.sum(axis=(0, 1))


FAULT = Fault(
    name="reused",
    title="The last step's state is used again",
    act="The gradient of W_hh is made with the state after the step, not with the one before it.",
    fails=("rnn.weight_hh_l*",),
    hidden_by="",
    hints=(
        "Which tensors are wrong? Is the bias that stands beside them wrong as well?",
        "Does anything change with one step, or with one sequence? If not, time and batch are "
        "innocent.",
        "The bias b_hh is right, so the derivative by what the memory says is right. The gradient "
        "of W_hh is that derivative times what W_hh was given. What was it given?",
    ),
    why="W_hh multiplies the state before the step, h_{t−1}, so its gradient is the sum of "
    "`du_t · h_{t−1}`. The code takes h_t, one place later. Everything else that is made of `du` "
    "is right: the bias, whose gradient is the sum of `du`, and what flows on to earlier steps and "
    "to the layer below. So W_hh stands alone, with one step as with many.",
    pieces=everywhere(Piece("layer_backward", layer_backward)),
)
