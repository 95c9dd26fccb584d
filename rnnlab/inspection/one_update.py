"""Every array of one update of a network by hand, as its run computed it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.by_hand import ByHandNet, ByHandSizes, Reading, make_by_hand, summed_loss
from rnnlab.network.models import Params
from rnnlab.network.tape import State
from rnnlab.training.config import RunConfig
from rnnlab.training.numpy_engine import NumpyEngine
from rnnlab.training.optimizers import AdagradRoot, clip_grads, grad_norm
from rnnlab.training.states import taken
from rnnlab.training.task import Task, first_params


@dataclass(frozen=True, eq=False)
class Moment:
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
    net: ByHandNet  # with the weights before the update
    reading: Reading  # the forward pass
    loss: float  # nats, summed over the sequence
    dlogits: np.ndarray  # (1, T, V)
    da: list[list[np.ndarray]]  # per character and layer, (H, 1): the derivative before tanh
    grads: Params  # before clipping
    norm: float  # of all of them together
    clipped: Params
    squares: Params  # of Adagrad, after the update
    after: Params  # the new weights


def moment(task: Task, step: int) -> Moment:
    """Repeat the first updates of a run of a network by hand.

    Args:
        step: how many; a few hundred take a second.
    """
    config = task.config
    assert isinstance(task.architecture, ByHandSizes)
    engine = NumpyEngine(config, task.architecture, first_params(task))
    for number in range(step):
        batch = task.batcher.batch(number)
        engine.update(batch, config.learning_rate, config.clipping, config.grad_clip)
    saved, shapes = engine.state(), task.architecture.shapes()
    carried = [{"h": h} for h in saved["carried.h"]] if "carried.h" in saved else None
    return Moment(step, taken(saved, "params", shapes), taken(saved, "sum", shapes), carried)


def next_update(task: Task, before: Moment) -> OneUpdate:
    """The update that a run makes from this moment on, with everything that it computes.

    Nothing of `before` is changed. The rule is min-char-rnn's: summed loss, gradients clipped
    element by element, Adagrad.
    """
    config, batch = task.config, task.batcher.batch(before.step)
    assert isinstance(task.architecture, ByHandSizes)
    net = make_by_hand(task.architecture, before.params)
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
    net: ByHandNet, reading: Reading, dlogits: np.ndarray
) -> tuple[Params, list[list[np.ndarray]]]:
    """As `ByHandNet.backward`, noting what each character had to say."""
    grads = {name: np.zeros_like(param) for name, param in net.params.items()}
    dh_next = [np.zeros_like(h) for h in reading.steps[-1].h]
    das = []
    for t in reversed(range(len(reading.steps))):
        dh_next, da = net.backward_step(reading.steps[t], dlogits[:, t].T, dh_next, grads)
        das.append(da)
    return grads, das[::-1]


def _adagrad(config: RunConfig, before: Moment, grads: Params) -> tuple[Params, Params]:
    """New weights and new sums of squares."""
    after = {name: param.copy() for name, param in before.params.items()}
    optimizer = AdagradRoot(after)
    optimizer.slots["sum"] = {name: square.copy() for name, square in before.squares.items()}
    optimizer.step(grads, config.learning_rate)
    return after, optimizer.slots["sum"]
