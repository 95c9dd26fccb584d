"""All kinds of networks: which sizes a config asks for, and which class has them."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN, Params
from rnnlab.network.initialization import initial_params
from rnnlab.network.kinds.bidirectional import (
    BidirectionalRNN,
    BidirectionalSizes,
    fresh_bidirectional_params,
)
from rnnlab.network.kinds.encoder_decoder import READER, WRITER, EncoderDecoder, EncoderDecoderSizes
from rnnlab.network.kinds.ensemble import MEMBERS, Ensemble, EnsembleSizes, of_member
from rnnlab.network.kinds.from_scratch import (
    FromScratchRNN,
    FromScratchSizes,
    LinearRNN,
    LinearRNNSizes,
    fresh_from_scratch_params,
    from_scratch_sizes,
)
from rnnlab.network.kinds.minimal import (
    MinimalRNN,
    MinimalSizes,
    as_char_rnn,
    make_minimal,
    minimal_sizes,
)
from rnnlab.network.kinds.window_mlp import WindowMLP, WindowSizes, fresh_window_params
from rnnlab.training.config import ConfigError, RunConfig

FROM_SCRATCH = ("scratch", "scratch-tanh")  # networks from three linear layers

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
    """The network that a config asks for, or so many of them.

    Args:
        output_size: how many things it chooses between; 0: the symbols that it reads.
    Raises:
        ConfigError: this kind of network cannot be what the config asks for.
    """
    _check_whole(config)
    one = _single(config, vocab_size, output_size)
    return EnsembleSizes(one, config.members) if config.members > 1 else one


def _single(config: RunConfig, vocab_size: int, output_size: int) -> Sizes:
    if config.model == "scratch-linear":
        _check_scratch(config)
        return LinearRNNSizes(vocab_size, config.hidden_size, output_size)
    if config.model in FROM_SCRATCH:
        _check_scratch(config)
        is_tanh = config.model == "scratch-tanh"
        return FromScratchSizes(vocab_size, config.hidden_size, is_tanh, output_size)
    if config.model in BY_HAND:
        _check_by_hand(config)
        is_stack = BY_HAND[config.model]
        return MinimalSizes(is_stack, vocab_size, config.hidden_size, config.num_layers)
    if config.model == "window":
        sizes = config.embedding_size, config.window, config.hidden_size, config.num_layers
        return WindowSizes(vocab_size, *sizes, output_size)
    layers = Architecture(
        config.cell,
        vocab_size,
        config.embedding_size,
        config.hidden_size,
        config.num_layers,
        output_size,
    )
    if config.bidirectional:
        return BidirectionalSizes(layers)
    return EncoderDecoderSizes(layers) if config.task == "reversal" else layers


def model_from_params(config: RunConfig, params: Params) -> Any:
    """The network that stored parameters make; sizes are read from their shapes.

    Raises:
        ParameterError: they make none of the kind that the config names.
    """
    if config.members > 1:
        single = config.replace(members=1)
        members = [model_from_params(single, of_member(params, k)) for k in range(config.members)]
        return Ensemble(EnsembleSizes(members[0].architecture, config.members), members)
    if config.model in FROM_SCRATCH:
        sizes = from_scratch_sizes(params, is_tanh=config.model == "scratch-tanh")
        return FromScratchRNN(sizes, params)
    if config.model in BY_HAND:
        return make_minimal(minimal_sizes(params, BY_HAND[config.model]), params)
    if config.model == "scratch-linear":
        return LinearRNN.from_params(params)
    if config.model == "window":
        return WindowMLP.from_params(config.window, params)
    if config.bidirectional:
        return BidirectionalRNN.from_params(config.cell, params)
    kind = EncoderDecoder if config.task == "reversal" else CharRNN
    return kind.from_params(config.cell, params)


def make_model(architecture: Sizes, params: Params) -> Any:
    """The network of this kind with these parameters."""
    if isinstance(architecture, EnsembleSizes):
        parts = [of_member(params, k) for k in range(architecture.number)]
        return Ensemble(architecture, [make_model(architecture.member, part) for part in parts])
    if isinstance(architecture, EncoderDecoderSizes):
        return EncoderDecoder(architecture, params)
    if isinstance(architecture, MinimalSizes):
        return make_minimal(architecture, params)
    if isinstance(architecture, FromScratchSizes):
        return FromScratchRNN(architecture, params)
    if isinstance(architecture, LinearRNNSizes):
        return LinearRNN(architecture, params)
    if isinstance(architecture, WindowSizes):
        return WindowMLP(architecture, params)
    if isinstance(architecture, BidirectionalSizes):
        return BidirectionalRNN(architecture, params)
    assert isinstance(architecture, Architecture)
    return CharRNN(architecture, params)


def fresh_params(
    architecture: Sizes, scheme: str, rng: np.random.Generator, forget_bias: float = 0.0
) -> Params:
    """Parameters to start learning from; see `initial_params`."""
    if isinstance(architecture, EnsembleSizes):
        return {
            f"{MEMBERS}{k}.{name}": value
            for k in range(architecture.number)
            for name, value in fresh_params(architecture.member, scheme, rng, forget_bias).items()
        }
    if isinstance(architecture, FromScratchSizes | LinearRNNSizes):
        return fresh_from_scratch_params(architecture.shapes(), rng)
    if isinstance(architecture, WindowSizes):
        return fresh_window_params(architecture, rng)
    if isinstance(architecture, BidirectionalSizes):
        return fresh_bidirectional_params(architecture, scheme, rng, forget_bias)
    if isinstance(architecture, EncoderDecoderSizes):
        decoder, encoder = (
            initial_params(architecture.half, scheme, rng, forget_bias) for _ in range(2)
        )
        read = {READER + n.removeprefix(WRITER): p for n, p in encoder.items() if WRITER in n}
        return read | decoder
    assert isinstance(architecture, Architecture | MinimalSizes)
    return initial_params(architecture, scheme, rng, forget_bias)


def reader(model: Any) -> Network:
    """The network that computes the same as this one and reads long texts fastest."""
    return as_char_rnn(model.architecture, model.params) if isinstance(model, MinimalRNN) else model


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


def _check_scratch(config: RunConfig) -> None:
    """Refuse what a network from three linear layers does not have."""
    if config.num_layers > 1 or config.embedding_size or config.initialization != "pytorch":
        raise ConfigError(
            "A network from three linear layers reads one-hot vectors, is one layer deep and "
            "starts as PyTorch's linear layers do; set embedding size 0, 1 layer and "
            "initialization 'pytorch'."
        )


def _check_whole(config: RunConfig) -> None:
    """Refuse what needs the whole sequence where the next character is to be predicted."""
    if config.bidirectional and (config.task != "language" or config.model != "rnn"):
        raise ConfigError(
            "Only recurrent layers that say what a whole name is can read it from both ends: a "
            "network that predicts the next character must not see it. Set the task 'language' "
            "and the model 'rnn', or read in one direction."
        )
    if config.members > 1 and config.task != "language":
        raise ConfigError(
            f"{config.members} networks can vote on the class of a whole name only; set the task "
            "'language', or 1 network."
        )
