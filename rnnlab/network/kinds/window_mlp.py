"""A network without a hidden state: a multi-layer perceptron over the last few characters.

What lies further back than its window cannot reach it, however long it is trained. What it hands
on from batch to batch is no memory of its own, but the characters themselves that the next window
needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rnnlab.network.char_rnn import ParameterError, Params, check_params
from rnnlab.network.layers import linear

NOTHING = -1  # stands before the beginning of a text; its vector is zero


@dataclass(frozen=True)
class WindowSizes:
    """The sizes of a perceptron over a window of characters."""

    vocab_size: int  # V
    embedding_size: int  # D; 0: the characters enter as one-hot vectors
    window: int  # W, characters it sees, the present one included
    hidden_size: int  # H
    num_layers: int  # L, hidden layers with tanh
    output_size: int = 0  # O, what it chooses between; 0: the vocab_size characters

    @property
    def outputs(self) -> int:
        """How many things it chooses between."""
        return self.output_size or self.vocab_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its torch name."""
        hidden = self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {}
        if self.embedding_size:
            shapes["embedding.weight"] = (self.vocab_size, self.embedding_size)
        inputs = self.window * (self.embedding_size or self.vocab_size)
        for k in range(self.num_layers):
            shapes[f"hidden.{k}.weight"] = (hidden, hidden if k else inputs)
            shapes[f"hidden.{k}.bias"] = (hidden,)
        outputs = self.outputs
        return shapes | {"decoder.weight": (outputs, hidden), "decoder.bias": (outputs,)}

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(math.prod(shape) for shape in self.shapes().values())


@dataclass(frozen=True)
class WindowReading:
    """What the network computed while it read."""

    logits: np.ndarray  # (B, T, O)
    final_state: np.ndarray  # (B, W − 1) the characters that the next window needs


class WindowMLP:
    """A network that sees the last W characters, side by side, and nothing else.

    Raises:
        ParameterError: a parameter is missing, unexpected, or of the wrong shape or precision.
    """

    def __init__(self, architecture: WindowSizes, params: Params) -> None:
        check_params(architecture.shapes(), params)
        self.architecture = architecture
        self.params = params

    @classmethod
    def from_params(cls, window: int, params: Params) -> WindowMLP:
        """The network that these parameters make; the sizes are read from the shapes."""
        for name in ("decoder.weight", "hidden.0.weight"):
            if name not in params or params[name].ndim != 2:
                raise ParameterError(f"These weights have no matrix '{name}', so no network.")
        outputs, hidden = params["decoder.weight"].shape
        without = np.empty((params["hidden.0.weight"].shape[1] // window, 0))
        vocab_size, embedding_size = params.get("embedding.weight", without).shape
        layers = sum(name.startswith("hidden.") for name in params) // 2
        sizes = WindowSizes(vocab_size, embedding_size, window, hidden, layers, outputs)
        return cls(sizes, params)

    def forward(self, ids: np.ndarray, state: np.ndarray | None = None) -> WindowReading:
        """Read (B, T) characters.

        Args:
            state: (B, W − 1) the characters before them; None: nothing was before.
        """
        before = self.architecture.window - 1
        state = np.full((len(ids), before), NOTHING) if state is None else state
        text = np.concatenate([state, ids], axis=1)  # (B, W − 1 + T)
        windows = sliding_window_view(text, self.architecture.window, axis=1)  # (B, T, W)
        x = self._vectors()[windows + 1]  # (B, T, W, D)
        x = x.reshape(*ids.shape, -1)  # (B, T, W · D)
        for k in range(self.architecture.num_layers):
            x = np.tanh(self._linear(f"hidden.{k}", x))  # (B, T, H)
        return WindowReading(self._linear("decoder", x), text[:, text.shape[1] - before :])

    def _vectors(self) -> np.ndarray:
        """The vector of nothing, zeros, and those of the symbols, (1 + V, D)."""
        dtype = self.params["decoder.weight"].dtype
        known = self.params.get(
            "embedding.weight", np.eye(self.architecture.vocab_size, dtype=dtype)
        )
        return np.concatenate([np.zeros((1, known.shape[1]), dtype), known])

    def _linear(self, layer: str, x: np.ndarray) -> np.ndarray:
        return linear(x, self.params[f"{layer}.weight"], self.params[f"{layer}.bias"])


def fresh_window_params(sizes: WindowSizes, rng: np.random.Generator) -> Params:
    """Linear layers uniform in ±1/√inputs and the embedding normal, as torch starts them."""
    fresh: Params = {}
    shapes = sizes.shapes()
    for name, shape in shapes.items():
        if name == "embedding.weight":
            fresh[name] = rng.standard_normal(shape).astype(np.float32)
            continue
        bound = 1 / math.sqrt(shapes[name.replace("bias", "weight")][1])
        fresh[name] = rng.uniform(-bound, bound, shape).astype(np.float32)
    return fresh
