"""The recurrent cells: only their elementwise equations, forward and backward side by side.

A cell is told what the input says, `a = W_ih x + b_ih`, and what the memory says,
`u = W_hh h + b_hh`, and makes the new state of them. Matrices, layers and the loop over time are
written once for all cells, in `recurrence.py` and `models.py`. Equations, names and the order of
the blocks are those of `torch.nn.RNN`, `torch.nn.LSTM` and `torch.nn.GRU`.

In `backward`, `dx` is the derivative of the loss by `x`; the derivative of a gate is taken before
its squashing function, because that is where the matrices meet it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

Values = dict[str, np.ndarray]  # (…, H) each, by name
Clamper = Callable[[str, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class ValueInfo:
    """What one named value of a cell means, and between which numbers it lies."""

    name: str
    meaning: str
    low: float | None  # None: no bound
    high: float | None


class Cell:
    """What every cell tells about itself.

    `forward(a, u, state)` takes a and u of shape (…, blocks · H) and the previous state, (…, H)
    each, and gives every value by name, the new state among them. `clamp(name, value)` may change
    a new state before it is used.

    `backward(values, previous, d)` takes what forward gave, the state before, and the derivatives
    `d` by the new state; it gives da, du and the derivatives by the previous state, as far as it
    was used elementwise: what flows back through W_hh is in du.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    blocks: ClassVar[int]  # rows of the matrices, in units of H
    gates: ClassVar[tuple[str, ...]]  # names of the blocks, in order; none where it has no gates
    states: ClassVar[tuple[str, ...]]  # what is carried from step to step
    VALUES: ClassVar[dict[str, ValueInfo]]
    forward: ClassVar[Callable[..., Values]]
    backward: ClassVar[Callable[..., tuple[np.ndarray, np.ndarray, Values]]]


def untouched(name: str, value: np.ndarray) -> np.ndarray:
    """The clamp that changes nothing."""
    return value


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e^−x), written with tanh, which cannot overflow."""
    return 0.5 * np.tanh(0.5 * x) + 0.5


def split(x: np.ndarray, blocks: int) -> list[np.ndarray]:
    """The blocks of (…, blocks · H), each a view of (…, H)."""
    size = x.shape[-1] // blocks
    return [x[..., k * size : (k + 1) * size] for k in range(blocks)]


def join(*parts: np.ndarray) -> np.ndarray:
    """The inverse of `split`."""
    return np.concatenate(parts, axis=-1)


def _table(*rows: tuple[str, str, float | None, float | None]) -> dict[str, ValueInfo]:
    return {row[0]: ValueInfo(*row) for row in rows}


class RNNTanh(Cell):
    """The simple recurrent network of Elman (1990)."""

    name, title = "rnn_tanh", "tanh RNN"
    blocks, gates, states = 1, (), ("h",)
    VALUES = _table(("h", "Hidden state: what the unit tells the next step and the output.", -1, 1))

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        h = clamp("h", np.tanh(a + u))
        return {"h": h}

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        da = d["h"] * (1 - values["h"] ** 2)
        return da, da, {}


class RNNRelu(Cell):
    """The simple recurrent network with a ramp instead of a tanh: nothing bounds its state."""

    name, title = "rnn_relu", "ReLU RNN"
    blocks, gates, states = 1, (), ("h",)
    VALUES = _table(
        ("h", "Hidden state: what the unit tells the next step and the output.", 0, None)
    )

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        h = clamp("h", np.maximum(a + u, 0))
        return {"h": h}

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        da = d["h"] * (values["h"] > 0)
        return da, da, {}


class LSTM(Cell):
    """Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000)."""

    name, title = "lstm", "LSTM"
    blocks, gates, states = 4, ("i", "f", "g", "o"), ("h", "c")
    VALUES = _table(
        ("h", "Hidden state: the part of the cell that is shown, o · tanh(c).", -1, 1),
        ("c", "Cell state: the memory itself, which only the gates change.", None, None),
        ("i", "Input gate: how much of the candidate is written; 1 writes all of it.", 0, 1),
        ("f", "Forget gate: how much of the memory is kept; 1 keeps it, 0 erases it.", 0, 1),
        ("g", "Candidate: the new value offered to the memory.", -1, 1),
        ("o", "Output gate: how much of the memory is shown; 1 shows all of it.", 0, 1),
    )

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        i, f, g, o = split(a + u, 4)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c = clamp("c", f * state["c"] + i * g)
        h = clamp("h", o * np.tanh(c))
        return {"h": h, "c": c, "i": i, "f": f, "g": g, "o": o}

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        i, f, g, o = (values[name] for name in "ifgo")
        tanh_c = np.tanh(values["c"])
        dc = d["c"] + d["h"] * o * (1 - tanh_c**2)
        di = dc * g * i * (1 - i)
        df = dc * previous["c"] * f * (1 - f)
        dg = dc * i * (1 - g**2)
        do = d["h"] * tanh_c * o * (1 - o)
        da = join(di, df, dg, do)
        return da, da, {"c": dc * f}


class GRU(Cell):
    """Gated recurrent unit (Cho et al. 2014), as PyTorch writes it: z = 1 keeps the old state.

    Other texts swap z and 1 − z. The reset gate r acts on what the memory says, after its matrix.
    """

    name, title = "gru", "GRU"
    blocks, gates, states = 3, ("r", "z", "n"), ("h",)
    VALUES = _table(
        ("h", "Hidden state: a mixture of the old state and the candidate.", -1, 1),
        ("r", "Reset gate: how much the memory may say to the candidate; 0 ignores it.", 0, 1),
        ("z", "Update gate: how much of the old state is kept; 1 keeps, 0 overwrites.", 0, 1),
        ("n", "Candidate: the new value that overwrites where z is small.", -1, 1),
        ("m", "What the memory says to the candidate, before the reset gate.", None, None),
    )

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        (ar, az, an), (ur, uz, m) = split(a, 3), split(u, 3)
        r, z = sigmoid(ar + ur), sigmoid(az + uz)
        n = np.tanh(an + r * m)
        h = clamp("h", (1 - z) * n + z * state["h"])
        return {"h": h, "r": r, "z": z, "n": n, "m": m}

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        r, z, n, m = (values[name] for name in "rznm")
        dn = d["h"] * (1 - z) * (1 - n**2)
        dz = d["h"] * (previous["h"] - n) * z * (1 - z)
        dr = dn * m * r * (1 - r)
        return join(dr, dz, dn), join(dr, dz, dn * r), {"h": d["h"] * z}


CELLS: dict[str, type[Cell]] = {cell.name: cell for cell in (RNNTanh, RNNRelu, LSTM, GRU)}
