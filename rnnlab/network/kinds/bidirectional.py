"""A bidirectional network: it reads a sequence from both ends and then says what it is.

In each layer one half reads from the first symbol to the last, the other from the last to the
first; the next layer is given both side by side. The decoder is given the two final states of the
top layer: that after the last symbol, read forwards, and that after the first, read backwards.
It cannot predict a next character, for it has seen it.

Source: Schuster & Paliwal 1997, Bidirectional recurrent neural networks, doi:10.1109/78.650093.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, ParameterError, Params, check_params
from rnnlab.network.initialization import initial_params
from rnnlab.network.layers import layer_forward, linear

PADDING = 0  # the symbol that fills up a batch at the end of shorter sequences; never read
BACKWARDS = "_reverse"  # ends torch's name of a parameter of the half that reads backwards


@dataclass(frozen=True)
class BidirectionalSizes:
    """The kind and the sizes of a bidirectional network."""

    half: Architecture  # sizes of one direction, and of the decoder's choice

    @property
    def vocab_size(self) -> int:
        """How many symbols it reads."""
        return self.half.vocab_size

    @property
    def outputs(self) -> int:
        """How many things it chooses between."""
        return self.half.outputs

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its torch name."""
        hidden, shapes = self.half.hidden_size, self.half.shapes()
        for name in [name for name in shapes if name.startswith("rnn.")]:
            if name.startswith("rnn.weight_ih") and not name.endswith("_l0"):
                shapes[name] = (shapes[name][0], 2 * hidden)
            shapes[name + BACKWARDS] = shapes[name]
        return shapes | {"decoder.weight": (self.outputs, 2 * hidden)}

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(math.prod(shape) for shape in self.shapes().values())


@dataclass(frozen=True)
class BidirectionalReading:
    """What the network made of whole sequences."""

    logits: np.ndarray  # (B, T, O), the same at every step: it speaks when it has read everything
    joined: np.ndarray  # (B, 2 · H) final state forwards, then backwards
    final_state: None = None  # there is nothing to go on from


class BidirectionalRNN:
    """A network that reads sequences of symbols from both ends.

    Raises:
        ParameterError: a parameter is missing, unexpected, or of the wrong shape or precision.
    """

    def __init__(self, architecture: BidirectionalSizes, params: Params) -> None:
        check_params(architecture.shapes(), params)
        self.architecture = architecture
        self.params = params
        self.cell = CELLS[architecture.half.cell]

    @classmethod
    def from_params(cls, cell: str, params: Params) -> BidirectionalRNN:
        """The network that these parameters make; the sizes are read from the shapes."""
        for name in ("decoder.weight", "rnn.weight_ih_l0"):
            if name not in params or params[name].ndim != 2:
                raise ParameterError(f"These weights have no matrix '{name}', so no network.")
        outputs, both = params["decoder.weight"].shape
        without = np.empty((params["rnn.weight_ih_l0"].shape[1], 0))
        vocab_size, embedding_size = params.get("embedding.weight", without).shape
        layers = sum(n.startswith("rnn.weight_ih") and BACKWARDS not in n for n in params)
        half = Architecture(cell, vocab_size, embedding_size, both // 2, layers, outputs)
        return cls(BidirectionalSizes(half), params)

    def forward(self, ids: np.ndarray, state: None = None) -> BidirectionalReading:
        """Read (B, T) symbols, filled up at their ends with the symbol 0; state must be None."""
        lengths = np.maximum((ids != PADDING).sum(axis=1), 1)  # (B,)
        mirror = _mirror(lengths, ids.shape[1])
        x = ids.T  # (T, B)
        if self.architecture.half.embedding_size:
            x = self.params["embedding.weight"][x]  # (T, B, D)
        for k in range(self.architecture.half.num_layers):
            forwards = self._direction(x, f"_l{k}")  # (T, B, H)
            backwards = _taken(self._direction(_taken(x, mirror), f"_l{k}{BACKWARDS}"), mirror)
            x = np.concatenate([forwards, backwards], axis=2)  # (T, B, 2 · H)
        rows = np.arange(len(ids))
        joined = np.concatenate([forwards[lengths - 1, rows], backwards[0]], axis=1)
        logits = linear(joined, self.params["decoder.weight"], self.params["decoder.bias"])
        shape = (len(ids), ids.shape[1], logits.shape[1])
        return BidirectionalReading(np.broadcast_to(logits[:, None], shape), joined)

    def _direction(self, x: np.ndarray, suffix: str) -> np.ndarray:
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        weight_ih, weight_hh, bias_ih, bias_hh = (self.params[f"rnn.{k}{suffix}"] for k in kinds)
        a = linear(x, weight_ih, bias_ih)  # (T, B, blocks · H)
        zeros = np.zeros((a.shape[1], weight_hh.shape[1]), a.dtype)
        start = {name: zeros for name in self.cell.states}
        return layer_forward(self.cell, a, weight_hh, bias_hh, start)["h"]


def fresh_bidirectional_params(
    sizes: BidirectionalSizes, scheme: str, rng: np.random.Generator, forget_bias: float
) -> Params:
    """Parameters to start learning from: those of two networks, one for each direction."""
    forwards, backwards = (initial_params(sizes.half, scheme, rng, forget_bias) for _ in range(2))
    fresh: Params = {}
    for name, shape in sizes.shapes().items():
        plain = name.removesuffix(BACKWARDS)
        own, other = (forwards, backwards) if plain == name else (backwards, forwards)
        given = own[plain]
        if given.shape != shape:  # reads both directions
            given = np.concatenate([given, other[plain]], axis=1)
        fresh[name] = given
    return fresh


def _mirror(lengths: np.ndarray, longest: int) -> np.ndarray:
    """Where to find each place in the reversed sequence, (T, B): the padding stays at the end."""
    places = np.arange(longest)[:, None]  # (T, 1)
    return np.where(places < lengths, lengths - 1 - places, places)


def _taken(x: np.ndarray, places: np.ndarray) -> np.ndarray:
    """x (T, B, …) with the steps of each sequence in another order, (T, B)."""
    return x[places, np.arange(x.shape[1])]
