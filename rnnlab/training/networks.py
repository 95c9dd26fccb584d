"""All kinds of networks: which sizes a config asks for, and which class has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN, Network, Params, Sizes
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
BY_HAND = ("by-hand-parallel", "by-hand-stack")  # networks written out by hand


@dataclass(frozen=True)
class Kind:
    """How networks of one kind come to be. `Any` is the class of sizes of this kind."""

    # From a config, the number of symbols, and of outputs (0: as many).
    sizes: Callable[[RunConfig, int, int], Any]
    build: Callable[[Any, Params], Any]
    # See `initial_params`: sizes, scheme, random numbers, forget bias.
    fresh: Callable[[Any, str, np.random.Generator, float], Params]
    from_params: Callable[[RunConfig, Params], Any]
    refuses: Callable[[RunConfig], None]  # raises ConfigError for what this kind cannot be


def architecture_of(config: RunConfig, vocab_size: int, output_size: int = 0) -> Sizes:
    """The network that a config asks for, or so many of them.

    Args:
        output_size: how many things it chooses between; 0: the symbols that it reads.
    Raises:
        ConfigError: this kind of network cannot be what the config asks for.
    """
    _check_whole(config)
    kind = KINDS[kind_of(config)]
    kind.refuses(config)
    return kind.sizes(config, vocab_size, output_size)


def kind_of(config: RunConfig) -> str:
    """Which of KINDS a config asks for: its model, unless its recurrent layers are put together
    in another way, or several networks vote."""
    if config.members > 1:
        return "ensemble"
    if config.model != "rnn":
        return config.model
    if config.bidirectional:
        return "bidirectional"
    return "encoder-decoder" if config.task == "reversal" else config.model


def model_from_params(config: RunConfig, params: Params) -> Any:
    """The network that stored parameters make; sizes are read from their shapes.

    Raises:
        ParameterError: they make none of the kind that the config names.
    """
    return KINDS[kind_of(config)].from_params(config, params)


def make_model(architecture: Sizes, params: Params) -> Any:
    """The network of this kind with these parameters."""
    return _OF_SIZES[type(architecture)].build(architecture, params)


def fresh_params(
    architecture: Sizes, scheme: str, rng: np.random.Generator, forget_bias: float = 0.0
) -> Params:
    """Parameters to start learning from; see `initial_params`."""
    return _OF_SIZES[type(architecture)].fresh(architecture, scheme, rng, forget_bias)


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
    is_plain = config.cell == MinimalSizes.cell and not config.embedding_size
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


def _nothing(config: RunConfig) -> None:
    """Refuse nothing."""


def _layers(config: RunConfig, vocab_size: int, output_size: int) -> Architecture:
    return Architecture(
        config.cell,
        vocab_size,
        config.embedding_size,
        config.hidden_size,
        config.num_layers,
        output_size,
    )


def _by_hand(is_stack: bool) -> Kind:
    return Kind(
        sizes=lambda config, vocab, outputs: MinimalSizes(
            is_stack, vocab, config.hidden_size, config.num_layers
        ),
        build=make_minimal,
        fresh=initial_params,
        from_params=lambda config, params: make_minimal(minimal_sizes(params, is_stack), params),
        refuses=_check_by_hand,
    )


def _scratch(is_tanh: bool) -> Kind:
    return Kind(
        sizes=lambda config, vocab, outputs: FromScratchSizes(
            vocab, config.hidden_size, is_tanh, outputs
        ),
        build=FromScratchRNN,
        fresh=_fresh_scratch,
        from_params=lambda config, params: FromScratchRNN(
            from_scratch_sizes(params, is_tanh=is_tanh), params
        ),
        refuses=_check_scratch,
    )


def _fresh_scratch(
    sizes: FromScratchSizes | LinearRNNSizes, scheme: str, rng: np.random.Generator, bias: float
) -> Params:
    return fresh_from_scratch_params(sizes.shapes(), rng)


def _window_sizes(config: RunConfig, vocab_size: int, output_size: int) -> WindowSizes:
    sizes = config.embedding_size, config.window, config.hidden_size, config.num_layers
    return WindowSizes(vocab_size, *sizes, output_size)


def _fresh_halves(
    sizes: EncoderDecoderSizes, scheme: str, rng: np.random.Generator, forget_bias: float
) -> Params:
    decoder, encoder = (initial_params(sizes.half, scheme, rng, forget_bias) for _ in range(2))
    read = {READER + n.removeprefix(WRITER): p for n, p in encoder.items() if WRITER in n}
    return read | decoder


def _member(config: RunConfig) -> RunConfig:
    """One of the networks that vote."""
    return config.replace(members=1)


def _voting_sizes(config: RunConfig, vocab_size: int, output_size: int) -> EnsembleSizes:
    one = architecture_of(_member(config), vocab_size, output_size)
    return EnsembleSizes(one, config.members)


def _voting(sizes: EnsembleSizes, params: Params) -> Ensemble:
    parts = [of_member(params, k) for k in range(sizes.number)]
    return Ensemble(sizes, [make_model(sizes.member, part) for part in parts])


def _fresh_voting(
    sizes: EnsembleSizes, scheme: str, rng: np.random.Generator, forget_bias: float
) -> Params:
    return {
        f"{MEMBERS}{k}.{name}": value
        for k in range(sizes.number)
        for name, value in fresh_params(sizes.member, scheme, rng, forget_bias).items()
    }


def _voting_from_params(config: RunConfig, params: Params) -> Ensemble:
    single = _member(config)
    members = [model_from_params(single, of_member(params, k)) for k in range(config.members)]
    return Ensemble(EnsembleSizes(members[0].architecture, config.members), members)


KINDS: dict[str, Kind] = {
    "rnn": Kind(
        sizes=_layers,
        build=CharRNN,
        fresh=initial_params,
        from_params=lambda config, params: CharRNN.from_params(config.cell, params),
        refuses=_nothing,
    ),
    "bidirectional": Kind(
        sizes=lambda config, *sizes: BidirectionalSizes(_layers(config, *sizes)),
        build=BidirectionalRNN,
        fresh=fresh_bidirectional_params,
        from_params=lambda config, params: BidirectionalRNN.from_params(config.cell, params),
        refuses=_nothing,
    ),
    "encoder-decoder": Kind(
        sizes=lambda config, *sizes: EncoderDecoderSizes(_layers(config, *sizes)),
        build=EncoderDecoder,
        fresh=_fresh_halves,
        from_params=lambda config, params: EncoderDecoder.from_params(config.cell, params),
        refuses=_nothing,
    ),
    "by-hand-parallel": _by_hand(is_stack=False),
    "by-hand-stack": _by_hand(is_stack=True),
    "scratch": _scratch(is_tanh=False),
    "scratch-tanh": _scratch(is_tanh=True),
    "scratch-linear": Kind(
        sizes=lambda config, vocab, outputs: LinearRNNSizes(vocab, config.hidden_size, outputs),
        build=LinearRNN,
        fresh=_fresh_scratch,
        from_params=lambda config, params: LinearRNN.from_params(params),
        refuses=_check_scratch,
    ),
    "window": Kind(
        sizes=_window_sizes,
        build=WindowMLP,
        fresh=lambda sizes, scheme, rng, bias: fresh_window_params(sizes, rng),
        from_params=lambda config, params: WindowMLP.from_params(config.window, params),
        refuses=_nothing,
    ),
    "ensemble": Kind(
        sizes=_voting_sizes,
        build=_voting,
        fresh=_fresh_voting,
        from_params=_voting_from_params,
        refuses=_nothing,
    ),
}
# Kinds that share a class of sizes are built and begin alike.
_OF_SIZES: dict[type, Kind] = {
    Architecture: KINDS["rnn"],
    BidirectionalSizes: KINDS["bidirectional"],
    EncoderDecoderSizes: KINDS["encoder-decoder"],
    MinimalSizes: KINDS["by-hand-stack"],
    FromScratchSizes: KINDS["scratch"],
    LinearRNNSizes: KINDS["scratch-linear"],
    WindowSizes: KINDS["window"],
    EnsembleSizes: KINDS["ensemble"],
}
