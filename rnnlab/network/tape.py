"""What a forward pass leaves behind: every value, for the backward pass and for the reader.

Also here: how weights and values that left the range of numbers are noticed, and what is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import Values

State = list[Values]  # per layer, {"h": (B, H), and "c": (B, H) for an LSTM}


@dataclass(frozen=True, eq=False)
class Tape:
    """Every named value of every layer at every step.

    Inside, time comes first, (T, B, ·), because the computation goes through time; `logits` and
    `trace` show the same memory batch-first.
    """

    ids: np.ndarray  # (B, T) the characters that were read
    logits: np.ndarray  # (B, T, V)
    layers: list[Values]  # per layer, (T, B, H) by name
    inputs: list[np.ndarray]  # what each layer was given, and at last the decoder; (T, B, ·)
    masks: list[np.ndarray | None]  # dropout after each layer, (T, B, H), or None
    initial_state: State
    clamped: bool = False

    @property
    def num_layers(self) -> int:
        return len(self.layers)

    def names(self, layer: int) -> tuple[str, ...]:
        """The values that `trace` knows of a layer, "h" first."""
        return tuple(self.layers[layer])

    def trace(self, name: str, layer: int = -1) -> np.ndarray:
        """One value over the text, (B, T, H): a view. Layers count from 0; −1 is the top one.

        Raises:
            ValueError: there is no such layer, or no such value in it.
        """
        if not -self.num_layers <= layer < self.num_layers:
            raise ValueError(
                f"This network has {self.num_layers} layer(s), counted from 0; layer {layer} does "
                "not exist."
            )
        if name not in self.layers[layer]:
            raise ValueError(
                f"This network has no value '{name}'; it has {', '.join(self.names(layer))}."
            )
        return self.layers[layer][name].swapaxes(0, 1)

    @property
    def final_state(self) -> State:
        """The state after the last character, as copies: the tape can be forgotten."""
        return [
            {name: values[name][-1].copy() for name in start}
            for values, start in zip(self.layers, self.initial_state, strict=True)
        ]


class DivergedModelError(ValueError):
    """The network computes no numbers any more; the message says what to do."""


def check_weights(params: Mapping[str, np.ndarray]) -> None:
    """Raise DivergedModelError when training had already broken these weights."""
    for name, value in params.items():
        if not np.isfinite(value).all():
            raise DivergedModelError(
                f"This snapshot's weights are not finite numbers (first in '{name}'), because "
                "training diverged; choose an earlier snapshot."
            )


def check_values(values: np.ndarray) -> None:
    """Raise DivergedModelError when a reading left the range of numbers, as a ReLU RNN's can."""
    if not np.isfinite(values).all():
        raise DivergedModelError(
            "The hidden values grow beyond all numbers on this text, because nothing bounds them; "
            "use a shorter text or another snapshot."
        )
