"""What clipping does to the gradient of a real batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import CharRNN, Params
from rnnlab.network.losses import cross_entropy
from rnnlab.network.tape import State
from rnnlab.text.batching import Batch, Batcher
from rnnlab.training.optimizers import clip_grads, grad_norm

MAX_HIDDEN_VALUES = 500_000  # hidden values of a batch that are gone through within a second


@dataclass(frozen=True, eq=False)
class BatchGradient:
    """The gradient of one batch before clipping."""

    grads: Params
    norm: float  # of all of them together
    loss: float  # nats per character
    shape: tuple[int, int]  # (B, T) of what was read


@dataclass(frozen=True)
class Clipped:
    """The same gradient after clipping."""

    norms: dict[str, float]  # per tensor
    norm: float  # of all of them together
    cosine: float  # of the angle between the gradients before and after; 1: same direction
    touched: float  # share of the elements that are no longer what they were


def batch_gradient(model: CharRNN, batcher: Batcher, step: int, *, sums: bool) -> BatchGradient:
    """The gradient of the batch that a run sees at a step, by all parameters, without dropout.

    Where a run carries its state on, the batch before is read first, from zeros.

    Args:
        sums: of the sum of a sequence's losses, mean over the sequences; else of the mean over
            all characters.
    """
    batch = _cut(batcher.batch(step), model)
    state: State | None = None
    if batch.carry:
        earlier = _cut(batcher.batch(step - 1), model)
        state = model.forward(earlier.inputs).final_state
    tape = model.forward(batch.inputs, state)
    loss, dlogits = cross_entropy(tape.logits, batch.targets, batch.mask, batch.weights)
    if sums:
        dlogits *= batch.counted / len(batch.targets)  # of the mean → of each row's sum
    grads = model.backward(tape, dlogits)
    grads = {name: grads[name] for name in model.architecture.shapes()}  # from input to output
    return BatchGradient(grads, grad_norm(grads), loss, batch.inputs.shape)


def clipped(grads: Params, norm: float, clipping: str, limit: float) -> Clipped:
    """Clip copies of gradients by "norm", g ← g · min(1, θ/‖g‖), or by "value", each to ±θ.

    Args:
        norm: of `grads`.
        limit: θ.
    Source: Pascanu et al. 2013, arXiv:1211.5063 (norm); Mikolov 2012, thesis (value).
    """
    after = {name: grad.copy() for name, grad in grads.items()}
    clip_grads(after, clipping, limit, norm)
    size = grad_norm(after)
    product = sum(float(np.vdot(grads[name], after[name])) for name in grads)
    changed = sum(int((grads[name] != after[name]).sum()) for name in grads)
    return Clipped(
        {name: float(np.linalg.norm(grad)) for name, grad in after.items()},
        size,
        min(product / (norm * size), 1.0) if norm * size else 1.0,
        changed / sum(grad.size for grad in grads.values()),
    )


def _cut(batch: Batch, model: CharRNN) -> Batch:
    """As many rows, and of a very long one as many steps, as are gone through within a second."""
    width = model.architecture.hidden_size * model.architecture.num_layers
    steps = max(min(batch.inputs.shape[1], MAX_HIDDEN_VALUES // width), 1)
    rows = max(MAX_HIDDEN_VALUES // (width * steps), 1)
    parts = (batch.mask, batch.weights)
    mask, weights = (None if part is None else part[:rows, :steps] for part in parts)
    inputs, targets = batch.inputs[:rows, :steps], batch.targets[:rows, :steps]
    return Batch(inputs, targets, batch.carry, mask, weights)
