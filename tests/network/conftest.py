"""Small networks, of sizes that differ pairwise so that no shape can be mistaken for another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.tape import State

V, D, H, B, T = 7, 4, 5, 3, 11  # vocabulary, embedding, hidden units, batch, time


@pytest.fixture
def make_model() -> Callable[..., CharRNN]:
    """A network with every parameter far from zero, float64 unless said."""

    def make(
        cell: str, num_layers: int = 1, embedding_size: int = 0, dtype: type = np.float64
    ) -> CharRNN:
        architecture = Architecture(cell, V, embedding_size, H, num_layers)
        params = initial_params(architecture, "pytorch", np.random.default_rng(1), forget_bias=0.5)
        return CharRNN(architecture, {name: p.astype(dtype) for name, p in params.items()})

    return make


@pytest.fixture
def make_state() -> Callable[..., State]:
    """A state that is not zero anywhere, as one carried from an earlier text."""

    def make(model: CharRNN, batch_size: int = B) -> State:
        rng = np.random.default_rng(2)
        return [
            {
                name: rng.uniform(-0.9, 0.9, zeros.shape).astype(model.dtype)
                for name, zeros in s.items()
            }
            for s in model.initial_state(batch_size)
        ]

    return make


@pytest.fixture
def ids() -> np.ndarray:
    """(B, T) characters; number 6 never occurs, so its embedding must get no gradient."""
    return np.random.default_rng(3).integers(0, V - 1, (B, T))


@pytest.fixture
def targets() -> np.ndarray:
    """(B, T) characters."""
    return np.random.default_rng(4).integers(0, V, (B, T))


@pytest.fixture
def mask() -> np.ndarray:
    """(B, T) bool: about two thirds of the targets count."""
    return np.random.default_rng(5).random((B, T)) < 2 / 3
