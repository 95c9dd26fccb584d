"""A small random network that reads a random text, for the tests of what is seen in it."""

from __future__ import annotations

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.tape import Tape

V, D, H, T = 7, 4, 5, 6  # vocabulary, embedding, hidden units, characters of the text


def random_network(architecture: Architecture, scheme: str = "pytorch", seed: int = 1) -> CharRNN:
    """A network that has learned nothing, in float32."""
    rng = np.random.default_rng(seed)
    return CharRNN(architecture, initial_params(architecture, scheme, rng))


def read(
    cell: str, *, embedding_size: int = D, num_layers: int = 2, dtype: type = np.float64
) -> tuple[CharRNN, Tape]:
    """A random network, and what it does on a random text from a state that is not zero."""
    rng = np.random.default_rng(7)
    architecture = Architecture(cell, V, embedding_size, H, num_layers)
    params = initial_params(architecture, "pytorch", rng, forget_bias=0.5)
    model = CharRNN(architecture, {name: p.astype(dtype) for name, p in params.items()})
    state = [
        {name: rng.uniform(-0.9, 0.9, zeros.shape).astype(dtype) for name, zeros in each.items()}
        for each in model.initial_state(1)
    ]
    return model, model.forward(rng.integers(V, size=(1, T)), state)
