"""A gradient check of the networks by hand, small enough to be run while somebody waits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.gradient_check.check import TensorCheck, check_gradients
from rnnlab.network.initialization import initial_params
from rnnlab.network.kinds.minimal import (
    MinimalReading,
    MinimalRNN,
    MinimalSizes,
    make_minimal,
    summed_loss,
)
from rnnlab.text.vocabulary import Vocabulary

HIDDEN = 6  # units: every single weight is tried, twice


@dataclass(frozen=True)
class Candidate:
    """A network whose backward pass is to be checked."""

    title: str
    is_stack: bool
    num_layers: int
    dropout: float


CANDIDATES = {
    candidate.title: candidate
    for candidate in (
        Candidate("One layer", True, 1, 0.0),
        Candidate("Two layers as published", False, 2, 0.0),
        Candidate("Two layers as published, its dropout", False, 2, 0.5),
        Candidate("A true stack of two", True, 2, 0.0),
        Candidate("A true stack of two, correct dropout", True, 2, 0.5),
    )
}


def tensor_names(candidate: Candidate) -> list[str]:
    """The parameters of a candidate, as the check lists them."""
    return list(MinimalSizes(candidate.is_stack, 1, HIDDEN, candidate.num_layers).shapes())


def check(candidate: Candidate, text: str, seed: int) -> dict[str, TensorCheck]:
    """Check the gradient of a small network on a text, in 64 bits.

    The same units are dropped each time the loss is computed, and the state at the start is not
    zero, as in the middle of a text.

    Args:
        text: at least two characters.
    """
    vocabulary = Vocabulary.from_text(text)
    ids = vocabulary.encode(text)[None]  # (1, N)
    sizes = MinimalSizes(candidate.is_stack, len(vocabulary), HIDDEN, candidate.num_layers)
    net = _fresh(sizes, seed)
    state = [
        {"h": h} for h in np.random.default_rng(seed).uniform(-1, 1, (sizes.num_layers, 1, HIDDEN))
    ]

    def read() -> MinimalReading:
        rng = np.random.default_rng(seed)
        return net.forward(ids[:, :-1], state, dropout=candidate.dropout, rng=rng)

    def loss() -> float:
        return summed_loss(read().logits, ids[:, 1:])[0]

    reading = read()
    grads = net.backward(reading, summed_loss(reading.logits, ids[:, 1:])[1])
    return check_gradients(net.params, grads, loss)


def _fresh(sizes: MinimalSizes, seed: int) -> MinimalRNN:
    """With weights far from zero, so that rounding is far below every gradient."""
    params = initial_params(sizes, "pytorch", np.random.default_rng(seed))
    return make_minimal(sizes, {name: param.astype(np.float64) for name, param in params.items()})


def first_losses(vocab_size: int, ids: np.ndarray, seeds: int) -> np.ndarray:
    """The summed loss of a fresh published net, three layers of 100 units, for many seeds.

    Args:
        ids: (T + 1,) the first characters of a text.
    Returns:
        (seeds,) nats per sequence.
    """
    sizes = MinimalSizes(False, vocab_size, 100, 3)
    found = []
    for seed in range(1, seeds + 1):
        params = initial_params(sizes, "normal", np.random.default_rng(seed))
        reading = make_minimal(sizes, params).forward(ids[None, :-1])
        found.append(summed_loss(reading.logits, ids[None, 1:])[0])
    return np.array(found)
