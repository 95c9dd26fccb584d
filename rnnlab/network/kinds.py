"""All kinds of networks: which sizes a config asks for, and which class has them."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from rnnlab.network.by_hand import ByHandSizes, by_hand_sizes, make_by_hand
from rnnlab.network.encoder_decoder import READER, WRITER, EncoderDecoder, EncoderDecoderSizes
from rnnlab.network.initialization import initial_params
from rnnlab.network.models import Architecture, CharRNN, Params
from rnnlab.training.config import RunConfig

BY_HAND = {"by-hand-parallel": False, "by-hand-stack": True}  # whether their layers are stacked


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
    if config.model in BY_HAND:
        _check_by_hand(config)
        is_stack = BY_HAND[config.model]
        return ByHandSizes(is_stack, vocab_size, config.hidden_size, config.num_layers)
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
    if config.model in BY_HAND:
        return make_by_hand(by_hand_sizes(params, BY_HAND[config.model]), params)
    kind = EncoderDecoder if config.task == "reversal" else CharRNN
    return kind.from_params(config.cell, params)


def make_model(architecture: Sizes, params: Params) -> Any:
    """The network of this kind with these parameters."""
    if isinstance(architecture, EncoderDecoderSizes):
        return EncoderDecoder(architecture, params)
    if isinstance(architecture, ByHandSizes):
        return make_by_hand(architecture, params)
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
    assert isinstance(architecture, Architecture | ByHandSizes)
    return initial_params(architecture, scheme, rng, forget_bias)


def _check_by_hand(config: RunConfig) -> None:
    """Refuse what the networks written out by hand do not have."""
    if config.engine != "numpy":
        raise ConfigError(
            "The networks by hand have their own backward pass and no other; choose the engine "
            f"'numpy', not '{config.engine}'."
        )
    is_plain = config.cell == "rnn_tanh" and not config.embedding_size
    if not is_plain or config.batch_size != 1 or config.task != "next-character":
        raise ConfigError(
            "The networks by hand read one text, character by character, as one-hot vectors and "
            "with tanh; set the task 'next-character', cell 'rnn_tanh', embedding size 0 and batch "
            "size 1."
        )
