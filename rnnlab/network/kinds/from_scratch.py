"""Recurrent networks from two or three linear layers, as beginners build them.

At each step, with x the input, h the hidden state before it and [ , ] for side by side:

    h' = f(i2h [x, h])        the new hidden state; f is nothing, or tanh
    o  = i2o [x, h]           three layers: a first output; two: the logits
    y  = o2o [h', o]          three layers: the logits

With two layers there is no f, so h is a sum over all characters read, each multiplied by a power
of one matrix: a linear recurrence. Without f, only the softmax after it is not linear.
Source (two layers): S. Robertson, NLP From Scratch: Classifying Names with a Character-Level RNN,
PyTorch Tutorials (2017).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import Params, check_params


@dataclass(frozen=True)
class FromScratchSizes:
    """The sizes of a network from three linear layers."""

    vocab_size: int  # V
    hidden_size: int  # H
    is_tanh: bool  # whether the hidden state goes through tanh
    output_size: int = 0  # O, what it chooses between; 0: the vocab_size characters

    @property
    def outputs(self) -> int:
        """How many things it chooses between."""
        return self.output_size or self.vocab_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its torch name."""
        inputs, hidden, outputs = self.vocab_size + self.hidden_size, self.hidden_size, self.outputs
        return {
            "i2h.weight": (hidden, inputs),
            "i2h.bias": (hidden,),
            "i2o.weight": (outputs, inputs),
            "i2o.bias": (outputs,),
            "o2o.weight": (outputs, hidden + outputs),
            "o2o.bias": (outputs,),
        }

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(math.prod(shape) for shape in self.shapes().values())


@dataclass(frozen=True)
class FromScratchReading:
    """What the network computed while it read."""

    logits: np.ndarray  # (B, T, O)
    hidden: np.ndarray  # (B, T, H)

    @property
    def final_state(self) -> np.ndarray:
        """The hidden state after the last step, (B, H)."""
        return self.hidden[:, -1]


class FromScratchRNN:
    """A network that reads characters with three linear layers.

    Raises:
        ParameterError: a parameter is missing, unexpected, or of the wrong shape or precision.
    """

    def __init__(self, architecture: FromScratchSizes, params: Params) -> None:
        check_params(architecture.shapes(), params)
        self.architecture = architecture
        self.params = params

    def forward(self, ids: np.ndarray, state: np.ndarray | None = None) -> FromScratchReading:
        """Read (B, T) characters, T ≥ 1, from a state (B, H), zeros if None."""
        table = np.eye(self.architecture.vocab_size, dtype=self.params["i2h.bias"].dtype)
        x = table[ids]  # (B, T, V)
        h = np.zeros((len(ids), self.architecture.hidden_size), x.dtype) if state is None else state
        logits, hidden = [], []
        for t in range(ids.shape[1]):
            xh = np.concatenate([x[:, t], h], axis=1)  # (B, V + H)
            h = self._linear("i2h", xh)  # (B, H)
            if self.architecture.is_tanh:
                h = np.tanh(h)
            ho = np.concatenate([h, self._linear("i2o", xh)], axis=1)  # (B, H + O)
            logits.append(self._linear("o2o", ho))  # (B, O)
            hidden.append(h)
        return FromScratchReading(np.stack(logits, axis=1), np.stack(hidden, axis=1))

    def _linear(self, layer: str, x: np.ndarray) -> np.ndarray:
        return x @ self.params[f"{layer}.weight"].T + self.params[f"{layer}.bias"]


def from_scratch_sizes(params: Params, is_tanh: bool) -> FromScratchSizes:
    """The sizes that these parameters have; zeros where a matrix is missing."""
    missing = np.empty((0, 0))
    hidden, inputs = params.get("i2h.weight", missing).shape
    outputs = params.get("i2o.weight", missing).shape[0]
    vocab_size = inputs - hidden
    return FromScratchSizes(vocab_size, hidden, is_tanh, 0 if outputs == vocab_size else outputs)


def fresh_from_scratch_params(
    shapes: dict[str, tuple[int, ...]], rng: np.random.Generator
) -> Params:
    """Linear layers of these shapes, each uniform in ±1/√inputs, as torch.nn.Linear starts."""
    fresh: Params = {}
    for name, shape in shapes.items():
        inputs = shapes[name.replace(".bias", ".weight")][1]
        bound = 1 / math.sqrt(inputs)
        fresh[name] = rng.uniform(-bound, bound, shape).astype(np.float32)
    return fresh


@dataclass(frozen=True)
class LinearRNNSizes:
    """The sizes of a network from two linear layers."""

    vocab_size: int  # V
    hidden_size: int  # H
    output_size: int = 0  # O, what it chooses between; 0: the vocab_size characters

    @property
    def outputs(self) -> int:
        """How many things it chooses between."""
        return self.output_size or self.vocab_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its torch name."""
        inputs = self.vocab_size + self.hidden_size
        return {
            "i2h.weight": (self.hidden_size, inputs),
            "i2h.bias": (self.hidden_size,),
            "i2o.weight": (self.outputs, inputs),
            "i2o.bias": (self.outputs,),
        }

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(math.prod(shape) for shape in self.shapes().values())


class LinearRNN:
    """A network that reads characters with two linear layers and nothing else.

    Raises:
        ParameterError: a parameter is missing, unexpected, or of the wrong shape or precision.
    """

    def __init__(self, architecture: LinearRNNSizes, params: Params) -> None:
        check_params(architecture.shapes(), params)
        self.architecture = architecture
        self.params = params

    @classmethod
    def from_params(cls, params: Params) -> LinearRNN:
        """The network that these parameters make; the sizes are read from the shapes."""
        missing = np.empty((0, 0))
        hidden, inputs = params.get("i2h.weight", missing).shape
        outputs = params.get("i2o.weight", missing).shape[0]
        return cls(LinearRNNSizes(inputs - hidden, hidden, outputs), params)

    def forward(self, ids: np.ndarray, state: np.ndarray | None = None) -> FromScratchReading:
        """Read (B, T) characters, T ≥ 1, from a state (B, H), zeros if None."""
        table = np.eye(self.architecture.vocab_size, dtype=self.params["i2h.bias"].dtype)
        x = table[ids]  # (B, T, V)
        h = np.zeros((len(ids), self.architecture.hidden_size), x.dtype) if state is None else state
        logits, hidden = [], []
        for t in range(ids.shape[1]):
            xh = np.concatenate([x[:, t], h], axis=1)  # (B, V + H)
            h = self._linear("i2h", xh)  # (B, H)
            logits.append(self._linear("i2o", xh))  # (B, O)
            hidden.append(h)
        return FromScratchReading(np.stack(logits, axis=1), np.stack(hidden, axis=1))

    def _linear(self, layer: str, x: np.ndarray) -> np.ndarray:
        return x @ self.params[f"{layer}.weight"].T + self.params[f"{layer}.bias"]
