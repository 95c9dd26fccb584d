"""Cells that compute another function, with the right derivative of it.

A gradient check asks whether the backward pass belongs to the forward pass. These pass it. That
the forward pass is not the one that was meant, only something that knows what was meant can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import (
    CELLS,
    GRU,
    LSTM,
    Cell,
    Clamper,
    RNNRelu,
    RNNTanh,
    Values,
    join,
    sigmoid,
    split,
    untouched,
)
from rnnlab.network.char_rnn import CharRNN


class SteepTanh(RNNTanh):
    """tanh(2x) for tanh(x)."""

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        h = clamp("h", np.tanh(2 * (a + u)))
        return {"h": h}

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        da = d["h"] * 2 * (1 - values["h"] ** 2)
        return da, da, {}


class LeakyRelu(RNNRelu):
    """A ramp that lets a tenth of what is negative through."""

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        h = clamp("h", np.maximum(a + u, 0.1 * (a + u)))
        return {"h": h}

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        da = d["h"] * np.where(values["h"] > 0, 1, 0.1)
        return da, da, {}


class SteepLSTM(LSTM):
    """σ(2x) for σ(x) in the input gate."""

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        i, f, g, o = split(a + u, 4)
        i, f, g, o = sigmoid(2 * i), sigmoid(f), np.tanh(g), sigmoid(o)
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
        di = dc * g * 2 * i * (1 - i)
        df = dc * previous["c"] * f * (1 - f)
        dg = dc * i * (1 - g**2)
        do = d["h"] * tanh_c * o * (1 - o)
        da = join(di, df, dg, do)
        return da, da, {"c": dc * f}


class MirroredGRU(GRU):
    """z and 1 − z exchanged: as other texts write it, and not as torch does."""

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        (ar, az, an), (ur, uz, m) = split(a, 3), split(u, 3)
        r, z = sigmoid(ar + ur), sigmoid(az + uz)
        n = np.tanh(an + r * m)
        h = clamp("h", z * n + (1 - z) * state["h"])
        return {"h": h, "r": r, "z": z, "n": n, "m": m}

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        r, z, n, m = (values[name] for name in "rznm")
        dn = d["h"] * z * (1 - n**2)
        dz = d["h"] * (n - previous["h"]) * z * (1 - z)
        dr = dn * m * r * (1 - r)
        return join(dr, dz, dn), join(dr, dz, dn * r), {"h": d["h"] * (1 - z)}


@dataclass(frozen=True)
class WrongFunction:
    """Another function in the place of the one that was meant."""

    cell: type[Cell]
    meant: str  # both as LaTeX
    computed: str
    words: str


WRONG_FUNCTIONS = {
    "rnn_tanh": WrongFunction(
        SteepTanh, r"h = \tanh(x)", r"h = \tanh(2x)", "The squashing function is twice as steep."
    ),
    "rnn_relu": WrongFunction(
        LeakyRelu,
        r"h = \max(x, 0)",
        r"h = \max(x, 0.1\,x)",
        "The ramp leaks: a tenth of what is negative comes through.",
    ),
    "lstm": WrongFunction(
        SteepLSTM,
        r"i = \sigma(x)",
        r"i = \sigma(2x)",
        "The input gate is twice as steep.",
    ),
    "gru": WrongFunction(
        MirroredGRU,
        r"h_t = (1 - z)\,n + z\,h_{t-1}",
        r"h_t = z\,n + (1 - z)\,h_{t-1}",
        "The update gate is mirrored. Some texts write it so; torch does not, and its weights mean "
        "something else then.",
    ),
}


def wrong_function(cell: str) -> WrongFunction:
    """What may stand in the place of a cell's function; raises ValueError where nothing is known
    that would."""
    if cell not in WRONG_FUNCTIONS:
        raise ValueError(
            f"No wrong function is known that could be taken for a {CELLS[cell].title}; choose "
            "another cell."
        )
    return WRONG_FUNCTIONS[cell]


def with_wrong_function(model: CharRNN) -> CharRNN:
    """A network with the same weights that computes the wrong function of its cell; raises as
    `wrong_function` does."""
    other = CharRNN(model.architecture, model.params)
    other.cell = wrong_function(model.architecture.cell).cell
    return other
