"""Advice on a network that reads long texts, where it applies to the settings at hand."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.training.config import RunConfig

LONG = 100  # characters of a sequence
DEEP = 3  # layers
_SHORTER = 4  # times


@dataclass(frozen=True)
class Advice:
    """What somebody should try, and what it rests on."""

    name: str  # "nan", "long" or "deep"
    sentence: str


def advice(config: RunConfig, *, diverged: bool = False) -> list[Advice]:
    """What applies to a run with these settings.

    Args:
        diverged: whether it ended because a loss or a gradient was no number any more.
    """
    found = [_nan(config)] if diverged else []
    if config.cell == "rnn_tanh" and config.seq_length >= LONG:
        found.append(_long(config))
    if config.num_layers >= DEEP:
        found.append(_deep(config))
    return found


def _nan(config: RunConfig) -> Advice:
    shorter = max(1, config.seq_length // _SHORTER)
    return Advice(
        "nan",
        f"NaN: take a smaller learning rate ({config.learning_rate / 10:.3g} instead of "
        f"{config.learning_rate:.3g}) or shorter sequences ({shorter} instead of "
        f"{config.seq_length} characters).",
    )


def _long(config: RunConfig) -> Advice:
    return Advice(
        "long",
        f"Sequences of {config.seq_length} characters are long for tanh, whose gradients fade: "
        "take ReLU for longer ones.",
    )


def _deep(config: RunConfig) -> Advice:
    return Advice(
        "deep",
        f"Deeper is slower: {config.num_layers} layers are computed one after the other, so a "
        f"character takes about {config.num_layers} times as long as with one.",
    )
