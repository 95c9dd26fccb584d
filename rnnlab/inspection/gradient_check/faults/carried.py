"""The gradient that the future sends back is dropped."""

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
        d = {name: np.zeros_like(initial[name]) for name in cell.states} | {"h": dh[t]}
        da[t], du[t], d = cell.backward(at_step(values, t), at_step(previous, t), d)
        d["h"] = d.get("h", 0) + du[t] @ weight
    dweight = du.reshape(-1, len(weight)).T @ previous["h"].reshape(-1, weight.shape[1])
    return da, dweight, du.sum(axis=(0, 1))


FAULT = Fault(
    name="carried",
    title="The carried gradient is dropped",
    act="Each step hears only of its own error: what the later steps send back is thrown away.",
    fails=("rnn.*",),
    hidden_by="seq_length",
    hints=(
        "Which tensors are wrong, and which is right? The decoder comes before the walk back "
        "through time; everything else lies behind it.",
        "Set the sequence length to 1. What does a walk back through time do when there is only "
        "one step?",
        "With one step all tensors pass, with two they fail: what is missing is what step 2 has "
        "to tell step 1.",
    ),
    why="The hidden state of a step is blamed twice: by the output of that step, and by all steps "
    "after it, which used it as their memory. The second part is overwritten instead of added. So "
    "every gradient that is made of `da` or `du` is too short, in every layer, and the decoder, "
    "which lies before the walk through time, is right. With one step there is no future, and the "
    "bug cannot be seen.",
    pieces=everywhere(Piece("layer_backward", layer_backward)),
)
