"""Backpropagation through time, itemised: each prediction's share kept apart from all others.

The backward pass of training adds up what all losses say. Here it carries one row a prediction
instead, as if the text stood in the batch once for each of them; the forward pass, being the same
for all, is shared. Fused layers of a library cannot do this: their gradient by an output holds only
the direct path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import Values
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import Tape


@dataclass(frozen=True)
class StepBack:
    """What R quantities feel of one step of a text."""

    t: int  # the step, from 0
    first: int  # rows below this one belong to earlier predictions: all zero, and not carried here
    dh: list[np.ndarray]  # per layer, (R − first, H): derivatives by h_t, over all paths
    du: list[np.ndarray]  # per layer, (R − first, blocks · H): by what W_hh made of h_{t−1}
    dx: np.ndarray  # (R − first, D) by what the lowest layer was given at t; D = V for one-hot


def walk_back(
    model: CharRNN, tape: Tape, places: np.ndarray, dlogits: np.ndarray, lowest: int = 0
) -> Iterator[StepBack]:
    """Go back through a text with R quantities, each made of the logits at one place.

    Args:
        tape: from `model.forward`, of batch size 1, without clamps and dropout.
        places: (R,) at which step each quantity takes its logits, in ascending order.
        dlogits: (R, V) its derivative by them.
        lowest: layer, from 0, at which to stop going down; `dx` is then by what that one was
            given, and of those below nothing is told.
    Yields:
        One `StepBack` a step, from the last place to the first character.
    Source: Cashman et al. 2019, RNNbow, arXiv:1907.12545.
    """
    direct = dlogits @ model.params["decoder.weight"]  # (R, H) by the top h at the own place
    layers = range(lowest, tape.num_layers)
    none = np.zeros((0, direct.shape[1]), direct.dtype)
    d: list[Values] = [dict.fromkeys(model.cell.states, none) for _ in range(tape.num_layers)]
    for t in range(int(places[-1]), -1, -1):
        first, own_end = (int(n) for n in np.searchsorted(places, [t, t + 1]))
        # Rows whose place is t join; so far nothing has come to them.
        new = np.zeros((own_end - first, direct.shape[1]), direct.dtype)
        for k in layers:
            d[k] = {name: np.concatenate([new, rows]) for name, rows in d[k].items()}
        above = np.zeros_like(d[-1]["h"])
        above[: own_end - first] = direct[first:own_end]
        dh, du = [none] * tape.num_layers, [none] * tape.num_layers
        for k in reversed(layers):
            d[k]["h"] = d[k]["h"] + above
            dh[k] = d[k]["h"]
            d[k], du[k], above = _one_step_back(model, tape, k, t, d[k])
        yield StepBack(t, first, dh, du, above)


def _one_step_back(
    model: CharRNN, tape: Tape, k: int, t: int, d: Values
) -> tuple[Values, np.ndarray, np.ndarray]:
    """The derivatives by layer k's state before step t, by what W_hh made of that, and by what the
    layer was given at t."""
    values = {name: value[t] for name, value in tape.layers[k].items()}  # (1, H) for all rows
    before = {
        name: tape.layers[k][name][t - 1] if t else tape.initial_state[k][name]
        for name in model.cell.states
    }
    da, du, earlier = model.cell.backward(values, before, d)
    earlier["h"] = earlier.get("h", 0) + du @ model.params[f"rnn.weight_hh_l{k}"]
    return earlier, du, da @ model.params[f"rnn.weight_ih_l{k}"]
