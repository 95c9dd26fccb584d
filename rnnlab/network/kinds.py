"""All kinds of networks: which sizes a config asks for, and which class has them."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from rnnlab.network.initialization import initial_params
from rnnlab.network.models import Architecture, CharRNN, Params
from rnnlab.training.config import RunConfig


class Sizes(Protocol):
    """Kind and sizes of a network."""

    @property
    def vocab_size(self) -> int:
        """How many symbols it reads."""
        ...

    @property
    def outputs(self) -> int:
        """How many things it chooses between."""
        ...

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its torch name."""
        ...

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        ...


def architecture_of(config: RunConfig, vocab_size: int, output_size: int = 0) -> Architecture:
    """The network that a config asks for.

    Args:
        output_size: how many things it chooses between; 0: the symbols that it reads.
    """
    return Architecture(
        config.cell,
        vocab_size,
        config.embedding_size,
        config.hidden_size,
        config.num_layers,
        output_size,
    )


def model_from_params(config: RunConfig, params: Params) -> CharRNN:
    """The network that stored parameters make; sizes are read from their shapes.

    Raises:
        ParameterError: they make none of the kind that the config names.
    """
    return CharRNN.from_params(config.cell, params)


def make_model(architecture: Architecture, params: Params) -> CharRNN:
    """The network of this kind with these parameters."""
    return CharRNN(architecture, params)


def fresh_params(
    architecture: Architecture, scheme: str, rng: np.random.Generator, forget_bias: float = 0.0
) -> Params:
    """Parameters to start learning from; see `initial_params`."""
    return initial_params(architecture, scheme, rng, forget_bias)
