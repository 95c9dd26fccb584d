"""Reading one character at a time: the same numbers with fewer calls.

With one text, a step is so little work that calling NumPy costs as much as computing. Hence:

- The first layer's input is looked up: what each character says to it is worked out beforehand.
- A hidden state is read by two matrices, its own W_hh at the next step and the one above it (the
  next layer's W_ih, or the decoder) now: stacked, they are one product.
- σ(x) = (1 + tanh(x / 2)) / 2: with the rows of the gates halved beforehand and moved next to
  each other, one tanh serves them all.
- Every result is written into memory that is already there.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from rnnlab.network.cells import GRU, LSTM, Cell, RNNRelu, RNNTanh, Values
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.layers import linear
from rnnlab.network.tape import State


class FastCell(Protocol):
    """The equations of a cell, in place.

    Args:
        u: what the memory says, (blocks · H,), renewed outside.
        state: by name, (1, H), where to go on from; it is copied.
    """

    h: np.ndarray  # (H,)

    def __init__(self, u: np.ndarray, state: Values) -> None: ...

    @staticmethod
    def arrange(rows: np.ndarray) -> np.ndarray:
        """The rows of a matrix or bias, in the order and scale in which `read` wants them."""
        ...

    def forget(self) -> None:
        """Go back to a zero state."""
        ...

    def read(self, a: np.ndarray) -> None:
        """Move h on by one step, `a` being what the input says."""
        ...


class FastTanh:
    """The equations of the tanh RNN, in place."""

    def __init__(self, u: np.ndarray, state: Values) -> None:
        self.u = u
        self.h = state["h"][0].copy()

    @staticmethod
    def arrange(rows: np.ndarray) -> np.ndarray:
        return rows

    def forget(self) -> None:
        self.h.fill(0)

    def read(self, a: np.ndarray) -> None:
        np.add(a, self.u, out=self.h)
        np.tanh(self.h, out=self.h)


class FastRelu(FastTanh):
    """The equations of the ReLU RNN, in place."""

    def read(self, a: np.ndarray) -> None:
        np.add(a, self.u, out=self.h)
        np.maximum(self.h, 0, out=self.h)


class FastLSTM:
    """The equations of the LSTM, in place."""

    def __init__(self, u: np.ndarray, state: Values) -> None:
        self.u = u
        self.h, self.c = state["h"][0].copy(), state["c"][0].copy()
        self.x = np.empty_like(u)
        self.i, self.f, self.o, self.g = np.split(self.x, 4)  # views, as are the gates
        self.gates = self.x[: 3 * len(self.h)]

    @staticmethod
    def arrange(rows: np.ndarray) -> np.ndarray:
        i, f, g, o = np.split(rows, 4)
        return np.concatenate([i / 2, f / 2, o / 2, g])

    def forget(self) -> None:
        self.h.fill(0)
        self.c.fill(0)

    def read(self, a: np.ndarray) -> None:
        c, h, gates = self.c, self.h, self.gates
        np.tanh(np.add(a, self.u, out=self.x), out=self.x)
        gates *= 0.5
        gates += 0.5
        c *= self.f
        c += np.multiply(self.i, self.g, out=h)  # h is free until the end
        np.tanh(c, out=h)
        h *= self.o


class FastGRU:
    """The equations of the GRU, in place."""

    def __init__(self, u: np.ndarray, state: Values) -> None:
        self.h = state["h"][0].copy()
        size = len(self.h)
        self.u_gates, self.m = u[: 2 * size], u[2 * size :]
        self.gates, self.n = np.empty_like(self.u_gates), np.empty_like(self.h)
        self.r, self.z = np.split(self.gates, 2)

    @staticmethod
    def arrange(rows: np.ndarray) -> np.ndarray:
        r, z, n = np.split(rows, 3)
        return np.concatenate([r / 2, z / 2, n])

    def forget(self) -> None:
        self.h.fill(0)

    def read(self, a: np.ndarray) -> None:
        h, n, gates = self.h, self.n, self.gates
        size = len(gates)
        np.tanh(np.add(a[:size], self.u_gates, out=gates), out=gates)
        gates *= 0.5
        gates += 0.5
        np.multiply(self.r, self.m, out=n)
        n += a[size:]
        np.tanh(n, out=n)
        h -= n
        h *= self.z
        h += n  # n + z (h − n) = (1 − z) n + z h


# Other cells are read as they are trained, slower.
FAST: dict[type[Cell], type[FastCell]] = {
    RNNTanh: FastTanh,
    RNNRelu: FastRelu,
    LSTM: FastLSTM,
    GRU: FastGRU,
}


class _Layer:
    """A cell, and the stacked matrix of the two that read its h."""

    def __init__(
        self,
        cell: type[FastCell],
        own: list[np.ndarray],
        above: list[np.ndarray],
        state: Values,
    ) -> None:
        self.reader, self.bias = (np.concatenate(pair) for pair in zip(own, above, strict=True))
        self.z = np.empty_like(self.bias)
        rows = len(own[0])
        self.said_above = self.z[rows:]
        self.cell = cell(self.z[:rows], state)
        self.speak()

    def speak(self) -> None:
        """Renew what h says to the next step and to what stands above."""
        np.dot(self.reader, self.cell.h, out=self.z)
        self.z += self.bias


class FastStep:
    """A network in the middle of one text.

    Args:
        model: a network whose cell is in FAST; its parameters are copied.
        state: of batch size 1, where to go on from.
    """

    def __init__(self, model: CharRNN, state: State) -> None:
        fast, params = FAST[model.cell], model.params

        def arranged(kind: str, k: int) -> list[np.ndarray]:
            names = f"rnn.weight_{kind}_l{k}", f"rnn.bias_{kind}_l{k}"
            return [fast.arrange(params[name]) for name in names]

        every_character = np.arange(model.architecture.vocab_size)
        x = params.get("embedding.weight", every_character)
        self.table = linear(x, *arranged("ih", 0))  # (V, blocks · H)
        above = [arranged("ih", k) for k in range(1, len(state))]
        above.append([params["decoder.weight"], params["decoder.bias"]])
        self.layers = [
            _Layer(fast, arranged("hh", k), above[k], state[k]) for k in range(len(state))
        ]

    def forget(self) -> None:
        """Go back to a zero state, as before any text."""
        for layer in self.layers:
            layer.cell.forget()
            layer.speak()

    def read(self, character: int) -> np.ndarray:
        """Read one character; the logits of the next, (V,), valid until the next call."""
        said = self.table[character]
        for layer in self.layers:
            layer.cell.read(said)
            layer.speak()
            said = layer.said_above
        return said
