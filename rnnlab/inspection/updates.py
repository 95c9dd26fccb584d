"""One update with all its numbers: the first of a network, and any one of the minimal RNN by hand.

Arrays come in the order in which they are computed, each with a description.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN, Params
from rnnlab.network.kinds.minimal import (
    MinimalReading,
    MinimalRNN,
    MinimalSizes,
    StackedNet,
    make_minimal,
    summed_loss,
)
from rnnlab.network.losses import cross_entropy
from rnnlab.network.tape import State
from rnnlab.text.batching import Batch
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.base import taken
from rnnlab.training.engines.numpy_engine import NumpyEngine
from rnnlab.training.optimizers import AdagradRoot, clip_grads, grad_norm
from rnnlab.training.tasks.base import Task, first_params

MAX_HIDDEN_VALUES = 8_000_000  # hidden values of a batch that are computed by hand within seconds


@dataclass(frozen=True)
class Changed:
    """What an update did to one parameter."""

    name: str
    shape: tuple[int, ...]
    largest: float  # change of a single weight, without its sign


@dataclass(frozen=True)
class FirstUpdate:
    """An update of a fresh network on one batch; losses in nats per character, on this batch."""

    loss_before: float
    loss_after: float
    norm: float  # of all gradients together, before clipping
    kept: float  # share of their length that clipping leaves, 1 for all
    changed: tuple[Changed, ...]


def is_quick(config: RunConfig) -> bool:
    """Whether one update of these sizes takes seconds at most."""
    values = config.batch_size * config.seq_length * config.hidden_size * config.num_layers
    return values <= MAX_HIDDEN_VALUES


def first_update(
    config: RunConfig, architecture: Architecture, params: Params, batch: Batch
) -> FirstUpdate:
    """Forward, loss, backward through time, clip, step: as the NumPy engine does it."""
    engine = NumpyEngine(config, architecture, params)
    update = engine.update(batch, config.learning_rate, config.clipping, config.grad_clip)
    after = engine.params()
    clips = config.clipping == "norm" and update.grad_norm > config.grad_clip
    return FirstUpdate(
        loss_before=update.loss,
        loss_after=_loss(CharRNN(architecture, after), batch),
        norm=update.grad_norm,
        kept=config.grad_clip / update.grad_norm if clips else 1.0,
        changed=tuple(
            Changed(name, value.shape, float(np.abs(after[name] - value).max()))
            for name, value in params.items()
        ),
    )


def _loss(model: CharRNN, batch: Batch) -> float:
    return cross_entropy(model.forward(batch.inputs).logits, batch.targets, batch.mask)[0]


@dataclass(frozen=True, eq=False)
class UpdateStep:
    """Where a run stands between two updates."""

    step: int  # updates made
    params: Params
    squares: Params  # sum of all squared gradients so far, of Adagrad
    state: State | None  # carried from the sequence before; None at the start


@dataclass(frozen=True, eq=False)
class OneUpdate:
    """What one update computed, from the characters to the new weights."""

    inputs: np.ndarray  # (1, T) ids
    targets: np.ndarray  # (1, T) ids
    net: MinimalRNN  # with the weights before the update
    reading: MinimalReading  # the forward pass
    loss: float  # nats, summed over the sequence
    dlogits: np.ndarray  # (1, T, V)
    da: list[list[np.ndarray]]  # per character and layer, (H, 1): the derivative before tanh
    grads: Params  # before clipping
    norm: float  # of all of them together
    clipped: Params
    squares: Params  # of Adagrad, after the update
    after: Params  # the new weights


def update_step(task: Task, step: int) -> UpdateStep:
    """Repeat the first updates of a run of a network by hand.

    Args:
        step: how many; a few hundred take a second.
    """
    config = task.config
    assert isinstance(task.architecture, MinimalSizes)
    engine = NumpyEngine(config, task.architecture, first_params(task))
    for number in range(step):
        batch = task.batcher.batch(number)
        engine.update(batch, config.learning_rate, config.clipping, config.grad_clip)
    saved, shapes = engine.state(), task.architecture.shapes()
    carried = [{"h": h} for h in saved["carried.h"]] if "carried.h" in saved else None
    return UpdateStep(step, taken(saved, "params", shapes), taken(saved, "sum", shapes), carried)


def next_update(task: Task, before: UpdateStep) -> OneUpdate:
    """The update that a run makes from this point on, with everything that it computes.

    Nothing of `before` is changed. The rule is min-char-rnn's: summed loss, gradients clipped
    element by element, Adagrad.
    """
    config, batch = task.config, task.batcher.batch(before.step)
    assert isinstance(task.architecture, MinimalSizes)
    net = make_minimal(task.architecture, before.params)
    rng = np.random.default_rng((config.seed, before.step))  # as the engine draws its masks
    state = before.state if batch.carry else None
    reading = net.forward(batch.inputs, state, dropout=config.dropout, rng=rng)
    loss, dlogits = summed_loss(reading.logits, batch.targets)
    grads, da = _backward(net, reading, dlogits)
    clipped = {name: grad.copy() for name, grad in grads.items()}
    norm = grad_norm(grads)
    clip_grads(clipped, "value", config.grad_clip, norm)
    after, squares = _adagrad(config, before, clipped)
    return OneUpdate(
        batch.inputs,
        batch.targets,
        net,
        reading,
        loss,
        dlogits,
        da,
        grads,
        norm,
        clipped,
        squares,
        after,
    )


def _backward(
    net: MinimalRNN, reading: MinimalReading, dlogits: np.ndarray
) -> tuple[Params, list[list[np.ndarray]]]:
    """As `MinimalRNN.backward`, noting what each character had to say."""
    grads = {name: np.zeros_like(param) for name, param in net.params.items()}
    dh_next = [np.zeros_like(h) for h in reading.steps[-1].h]
    das = []
    for t in reversed(range(len(reading.steps))):
        dh_next, da = net.backward_step(reading.steps[t], dlogits[:, t].T, dh_next, grads)
        das.append(da)
    return grads, das[::-1]


def _adagrad(config: RunConfig, before: UpdateStep, grads: Params) -> tuple[Params, Params]:
    """New weights and new sums of squares."""
    after = {name: param.copy() for name, param in before.params.items()}
    optimizer = AdagradRoot(after)
    optimizer.slots["sum"] = {name: square.copy() for name, square in before.squares.items()}
    optimizer.step(grads, config.learning_rate)
    return after, optimizer.slots["sum"]


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


def changes(
    update: OneUpdate, before: UpdateStep, limit: float, learning_rate: float
) -> list[Change]:
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
