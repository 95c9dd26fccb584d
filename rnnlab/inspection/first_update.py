"""The first update of a network, from the loss to the new weights, with its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.losses import cross_entropy
from rnnlab.network.models import Architecture, CharRNN, Params
from rnnlab.text.batching import Batch
from rnnlab.training.config import RunConfig
from rnnlab.training.numpy_engine import NumpyEngine

MOST = 8_000_000  # hidden values of a batch that are computed by hand within seconds


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
    return values <= MOST


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
