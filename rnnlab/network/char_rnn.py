"""The character RNN: one-hot or embedding → recurrent layers → decoder."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from rnnlab.network.cells import CELLS, Values
from rnnlab.network.clamps import Change, Changes, apply_all, check_value
from rnnlab.network.layers import (
    layer_backward,
    layer_forward,
    linear,
    linear_backward,
    lookup_backward,
)
from rnnlab.network.tape import State, Tape

Params = dict[str, np.ndarray]  # named and shaped as in the state_dict of the torch modules

PRECISIONS = (np.float32, np.float64)


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


class ParameterError(ValueError):
    """Parameters that do not make a network; the message says which and why."""


@dataclass(frozen=True)
class Architecture:
    """The kind and the sizes of a character RNN."""

    cell: str  # a key of CELLS
    vocab_size: int  # V
    embedding_size: int  # D; 0: the characters enter as one-hot vectors
    hidden_size: int  # H
    num_layers: int  # L
    output_size: int = 0  # what the decoder chooses between; 0: the vocab_size characters

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ParameterError(
                f"There is no cell '{self.cell}'; the cells are {', '.join(CELLS)}."
            )

    @property
    def outputs(self) -> int:
        """How many things the decoder chooses between."""
        return self.output_size or self.vocab_size

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its torch name."""
        vocab, hidden = self.vocab_size, self.hidden_size
        rows, columns = CELLS[self.cell].blocks * hidden, self.embedding_size or vocab
        shapes: dict[str, tuple[int, ...]] = {}
        if self.embedding_size:
            shapes["embedding.weight"] = (vocab, self.embedding_size)
        for k in range(self.num_layers):
            shapes[f"rnn.weight_ih_l{k}"] = (rows, hidden if k else columns)
            shapes[f"rnn.weight_hh_l{k}"] = (rows, hidden)
            shapes[f"rnn.bias_ih_l{k}"] = (rows,)
            shapes[f"rnn.bias_hh_l{k}"] = (rows,)
        outputs = self.outputs
        return shapes | {"decoder.weight": (outputs, hidden), "decoder.bias": (outputs,)}

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(math.prod(shape) for shape in self.shapes().values())


class CharRNN:
    """A network that reads characters and predicts the next one.

    It owns nothing but its parameters, which it uses as they are, without a copy; all it computes
    has their precision (float32 or float64). State and randomness come in and go out.

    Raises:
        ParameterError: a parameter is missing, unexpected, or of the wrong shape or precision.
    """

    # By name, so that a gradient check may put a wrong one in their place and find it.
    layer_backward = staticmethod(layer_backward)
    linear_backward = staticmethod(linear_backward)

    def __init__(self, architecture: Architecture, params: Params) -> None:
        check_params(architecture.shapes(), params)
        self.architecture = architecture
        self.params = params
        self.cell = CELLS[architecture.cell]
        self.dtype = params["decoder.weight"].dtype

    @classmethod
    def from_params(cls, cell: str, params: Params) -> CharRNN:
        """The network that these parameters make; the sizes are read from the shapes."""
        for name in ("decoder.weight", "rnn.weight_ih_l0"):
            if name not in params or params[name].ndim != 2:
                raise ParameterError(f"These weights have no matrix '{name}', so no network.")
        outputs, hidden_size = params["decoder.weight"].shape
        without = np.empty((params["rnn.weight_ih_l0"].shape[1], 0))
        vocab_size, embedding_size = params.get("embedding.weight", without).shape
        num_layers = sum(name.startswith("rnn.weight_ih_l") for name in params)
        sizes = vocab_size, embedding_size, hidden_size, num_layers
        output_size = 0 if outputs == vocab_size else outputs
        return cls(Architecture(cell, *sizes, output_size), params)

    def initial_state(self, batch_size: int) -> State:
        """Zeros: the state of a network that has read nothing."""
        shape = (batch_size, self.architecture.hidden_size)
        return [
            {name: np.zeros(shape, self.dtype) for name in self.cell.states}
            for _ in range(self.architecture.num_layers)
        ]

    def forward(
        self,
        ids: np.ndarray,
        state: State | None = None,
        *,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
        clamps: Changes = (),
    ) -> Tape:
        """Read (B, T) characters, T ≥ 1, and note down everything.

        Args:
            state: where to go on from; zeros if None.
            dropout: share of hidden values set to zero after each layer (the others grow to make
                up for it); needs `rng`. For training only.
            clamps: units held at a value or moved by one. A clamped tape has no backward pass.
        """
        state = self.initial_state(len(ids)) if state is None else state
        x = ids.T  # (T, B)
        if self.architecture.embedding_size:
            x = self.params["embedding.weight"][x]  # (T, B, D)
        layers, inputs, masks = [], [x], []
        for k, start in enumerate(state):
            weight_ih, weight_hh, bias_ih, bias_hh = self._layer(k)
            a = linear(x, weight_ih, bias_ih)  # (T, B, blocks · H), for all steps at once
            clamp = partial(apply_all, [c for c in clamps if c.layer == k])
            layers.append(layer_forward(self.cell, a, weight_hh, bias_hh, start, clamp))
            x = layers[k]["h"]  # (T, B, H)
            masks.append(_dropout_mask(x, dropout, rng) if dropout else None)
            x = x * masks[k] if dropout else x
            inputs.append(x)
        logits = linear(x, self.params["decoder.weight"], self.params["decoder.bias"])
        return Tape(ids, logits.swapaxes(0, 1), layers, inputs, masks, state, bool(clamps))

    def backward(self, tape: Tape, dlogits: np.ndarray) -> Params:
        """The derivative of the loss by every parameter, under the same names.

        Backpropagation through time, truncated at the start of the tape: the initial state counts
        as given.

        Args:
            tape: from `forward`, without clamps.
            dlogits: the derivative by `tape.logits`, (B, T, V).
        """
        if tape.clamped:
            raise ValueError("A tape with clamped units has no backward pass; read without clamps.")
        grads: Params = {}
        dx, grads["decoder.weight"], grads["decoder.bias"] = self.linear_backward(
            tape.inputs[-1], self.params["decoder.weight"], dlogits.swapaxes(0, 1)
        )
        for k in reversed(range(tape.num_layers)):
            weight_ih, weight_hh, _, _ = self._layer(k)
            assert dx is not None  # only characters have no derivative, and none enter here
            mask = tape.masks[k]
            dh = dx if mask is None else dx * mask
            da, grads[f"rnn.weight_hh_l{k}"], grads[f"rnn.bias_hh_l{k}"] = self.layer_backward(
                self.cell, tape.layers[k], tape.initial_state[k], weight_hh, dh
            )
            dx, grads[f"rnn.weight_ih_l{k}"], grads[f"rnn.bias_ih_l{k}"] = self.linear_backward(
                tape.inputs[k], weight_ih, da
            )
        if dx is not None:  # the first layer was given vectors
            grads["embedding.weight"] = lookup_backward(
                tape.ids.T, dx, self.architecture.vocab_size
            )
        return {name: grads[name] for name in self.params}

    def step(
        self, ids: np.ndarray, state: State, clamps: Changes = ()
    ) -> tuple[np.ndarray, State, list[Values]]:
        """Read one character in each of B texts: logits (B, V), the new state, and per layer every
        value by name, (B, H)."""
        tape = self.forward(np.asarray(ids)[:, None], state, clamps=clamps)
        values = [{name: value[0] for name, value in layer.items()} for layer in tape.layers]
        return tape.logits[:, 0], tape.final_state, values

    def check_clamp(self, clamp: Change) -> None:
        """See that this network has the unit that a clamp or an offset names.

        Raises:
            ValueError: it has no such layer, state or unit, or the value is not finite.
        """
        sizes = self.architecture
        if not 0 <= clamp.layer < sizes.num_layers or not 0 <= clamp.unit < sizes.hidden_size:
            raise ValueError(
                f"There is no unit {clamp.unit} in layer {clamp.layer}; this network has "
                f"{sizes.num_layers} layer(s) of {sizes.hidden_size} units, counted from 0."
            )
        if clamp.name not in self.cell.states:
            raise ValueError(
                f"'{clamp.name}' cannot be held at a value in a network of the kind "
                f"{self.cell.title}, only {' or '.join(self.cell.states)}."
            )
        check_value(clamp)

    def _layer(self, k: int) -> list[np.ndarray]:
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return [self.params[f"rnn.{kind}_l{k}"] for kind in kinds]


def _dropout_mask(h: np.ndarray, dropout: float, rng: np.random.Generator | None) -> np.ndarray:
    assert rng is not None, "dropout needs a generator of random numbers"
    keep = 1 - dropout
    return ((rng.random(h.shape) < keep) / keep).astype(h.dtype)  # 0, or 1/keep to make up


def check_params(shapes: dict[str, tuple[int, ...]], params: Params) -> None:
    """See that these are all the parameters of a network, in one precision.

    Raises:
        ParameterError: one is missing, unexpected, or of the wrong shape or precision.
    """
    for name in shapes:
        if name not in params:
            raise ParameterError(f"The parameter '{name}' is missing from these weights.")
    precision = params[next(iter(shapes))].dtype
    for name, param in params.items():
        if name not in shapes:
            raise ParameterError(
                f"These weights have a parameter '{name}' that this network does not have."
            )
        if param.shape != shapes[name]:
            raise ParameterError(
                f"The parameter '{name}' has shape {param.shape}, but this network needs "
                f"{shapes[name]}."
            )
        if param.dtype not in PRECISIONS or param.dtype != precision:
            raise ParameterError(
                f"The parameter '{name}' holds {param.dtype} numbers; all must be float32, or all "
                "float64."
            )
