"""The arrays of one update in the order in which they are computed, each with what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.one_update import Moment, OneUpdate
from rnnlab.network.by_hand import StackedNet


@dataclass(frozen=True, eq=False)
class NamedArray:
    """An array as the source calls it."""

    name: str  # "weight_ih", with the layer where there are several
    words: str  # what it is
    array: np.ndarray

    @property
    def shape(self) -> str:
        """Such as '(128, 65)'."""
        return str(self.array.shape)

    def values(self, count: int = 4) -> str:
        """Its first numbers; of a one-hot vector where the 1 stands."""
        flat = self.array.ravel()
        if len(flat) > 1 and np.count_nonzero(flat) == 1 and flat.max() == 1:
            return f"1 in row {int(flat.argmax())}, else 0"
        shown = ", ".join(f"{value + 0.0:.3g}" for value in flat[:count])  # without −0
        return f"{shown}, …" if len(flat) > count else shown

    @property
    def norm(self) -> float:
        """Euclidean length of all of it."""
        return float(np.linalg.norm(self.array))


@dataclass(frozen=True)
class Change:
    """What clipping and the update do to one parameter."""

    name: str
    shape: str
    count: int  # of numbers in it
    largest: float  # |gradient| before clipping
    clipped: int  # how many numbers of the gradient were beyond the limit
    norm: float  # of the gradient after clipping
    rate: float  # median of learning rate / √(sum of squares + ε): the step for a gradient of 1
    moved: float  # norm of the change of the weights
    weights: float  # norm of the weights before


def forward_arrays(update: OneUpdate, t: int) -> list[NamedArray]:
    """What the forward pass computes at character t, counted from 0."""
    step, net = update.reading.steps[t], update.net
    found = [NamedArray("x", "the character that is read, one-hot", step.x)]
    for k in range(net.architecture.num_layers):
        weight_ih, weight_hh, bias = net.layer(k)
        source = "the layer below" if k and isinstance(net, StackedNet) else "the character"
        found += [
            NamedArray(_of(k, "weight_ih"), f"weights from {source}", weight_ih),
            NamedArray(_of(k, "before"), "state after the character before", step.before[k]),
            NamedArray(_of(k, "weight_hh"), "weights from that state", weight_hh),
            NamedArray(_of(k, "bias"), "one for each unit", bias),
            NamedArray(_of(k, "h"), "the new state", step.h[k]),
        ]
    decoder, bias = net.params["decoder.weight"], net.params["decoder.bias"]
    probabilities = update.dlogits[0, t][:, None].copy()  # p − one-hot of the target
    probabilities[update.targets[0, t]] += 1
    return [
        *found,
        NamedArray("decoder.weight", "weights from the last layer to each character", decoder),
        NamedArray("decoder.bias", "one for each character", bias),
        NamedArray("logits", "one score for each character", step.logits),
        NamedArray("p", "their softmax: how likely each character seems", probabilities),
    ]


def backward_arrays(update: OneUpdate, t: int) -> list[NamedArray]:
    """What the backward pass computes at character t, from the output down."""
    dy = update.dlogits[0, t][:, None]  # (V, 1)
    found = [
        NamedArray("dy", "derivative by the logits: p, and 1 less at the character that came", dy)
    ]
    for k in reversed(range(update.net.architecture.num_layers)):
        da, before = update.da[t][k], update.reading.steps[t].before[k]
        _, weight_hh, _ = update.net.layer(k)
        found += [
            NamedArray(_of(k, "da"), "derivative by what its tanh was given", da),
            NamedArray(
                _of(k, "da · before.T"),
                "what this character adds to that of weight_hh",
                da * before.T,
            ),
            NamedArray(
                _of(k, "weight_hh.T @ da"),
                "handed on to the character before, as dh_next",
                weight_hh.T @ da,
            ),
        ]
    return found


def changes(update: OneUpdate, before: Moment, limit: float, learning_rate: float) -> list[Change]:
    """Clipping and update of every parameter."""
    return [
        Change(
            name,
            str(grad.shape),
            grad.size,
            float(np.abs(grad).max()),
            int((np.abs(grad) > limit).sum()),
            float(np.linalg.norm(update.clipped[name])),
            float(np.median(learning_rate / np.sqrt(update.squares[name] + 1e-8))),
            float(np.linalg.norm(update.after[name] - before.params[name])),
            float(np.linalg.norm(before.params[name])),
        )
        for name, grad in update.grads.items()
    ]


def _of(layer: int, name: str) -> str:
    return f"{name}, layer {layer + 1}"
