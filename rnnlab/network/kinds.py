"""All kinds of networks: which sizes a config asks for, and which class has them."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from rnnlab.network.encoder_decoder import READER, WRITER, EncoderDecoder, EncoderDecoderSizes
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


class Network(Protocol):
    """What every kind of network can do: read symbols and say what it makes of each."""

    def forward(self, ids: np.ndarray, state: Any = None) -> Any:
        """Read (B, T) symbols: `.logits` (B, T, outputs) and `.final_state`, to go on from."""
        ...


def architecture_of(config: RunConfig, vocab_size: int, output_size: int = 0) -> Sizes:
    """The network that a config asks for.

    Args:
        output_size: how many things it chooses between; 0: the symbols that it reads.
    """
    layers = Architecture(
        config.cell,
        vocab_size,
        config.embedding_size,
        config.hidden_size,
        config.num_layers,
        output_size,
    )
    return EncoderDecoderSizes(layers) if config.task == "reversal" else layers


def model_from_params(config: RunConfig, params: Params) -> Any:
    """The network that stored parameters make; sizes are read from their shapes.

    Raises:
        ParameterError: they make none of the kind that the config names.
    """
    kind = EncoderDecoder if config.task == "reversal" else CharRNN
    return kind.from_params(config.cell, params)


def make_model(architecture: Sizes, params: Params) -> Any:
    """The network of this kind with these parameters."""
    if isinstance(architecture, EncoderDecoderSizes):
        return EncoderDecoder(architecture, params)
    assert isinstance(architecture, Architecture)
    return CharRNN(architecture, params)


def fresh_params(
    architecture: Sizes, scheme: str, rng: np.random.Generator, forget_bias: float = 0.0
) -> Params:
    """Parameters to start learning from; see `initial_params`."""
    if isinstance(architecture, EncoderDecoderSizes):
        decoder, encoder = (
            initial_params(architecture.half, scheme, rng, forget_bias) for _ in range(2)
        )
        read = {READER + n.removeprefix(WRITER): p for n, p in encoder.items() if WRITER in n}
        return read | decoder
    assert isinstance(architecture, Architecture)
    return initial_params(architecture, scheme, rng, forget_bias)
