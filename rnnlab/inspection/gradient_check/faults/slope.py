"""The slope of the squashing function is forgotten."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check.faults.fault import Fault, Piece
from rnnlab.network.cells import GRU, LSTM, RNNRelu, RNNTanh, Values, join


class SlopelessTanh(RNNTanh):
    """tanh′ = 1 − h² is missing."""

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        da = d["h"]
        return da, da, {}


class SlopelessRelu(RNNRelu):
    """The slope of the ramp, 0 or 1, is missing."""

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        da = d["h"]
        return da, da, {}


class SlopelessLSTM(LSTM):
    """tanh′ = 1 − g² of the candidate is missing."""

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        i, f, g, o = (values[name] for name in "ifgo")
        tanh_c = np.tanh(values["c"])
        dc = d["c"] + d["h"] * o * (1 - tanh_c**2)
        di = dc * g * i * (1 - i)
        df = dc * previous["c"] * f * (1 - f)
        dg = dc * i
        do = d["h"] * tanh_c * o * (1 - o)
        da = join(di, df, dg, do)
        return da, da, {"c": dc * f}


class SlopelessGRU(GRU):
    """tanh′ = 1 − n² of the candidate is missing."""

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        r, z, n, m = (values[name] for name in "rznm")
        dn = d["h"] * (1 - z)
        dz = d["h"] * (previous["h"] - n) * z * (1 - z)
        dr = dn * m * r * (1 - r)
        return join(dr, dz, dn), join(dr, dz, dn * r), {"h": d["h"] * z}


FAULT = Fault(
    name="slope",
    title="The slope is forgotten (tanh′, or that of the ramp)",
    act="The derivative passes through the squashing function as if it were a straight line.",
    fails=("rnn.*",),
    hidden_by="",
    hints=(
        "Which tensors are wrong, and which is right? The decoder comes before the recurrent "
        "layers.",
        "Does one step make it pass? If not, the walk back through time is innocent, and the fault "
        "lies inside a single step.",
        "With one step and one layer, look at a wrong tensor element by element. In a cell with "
        "gates, the rows of the candidate (g of an LSTM, n of a GRU) tell. In a plain RNN, look "
        "for numbers that are too large, never too small.",
    ),
    why="A change of what tanh is given reaches the state only as far as tanh is steep there, "
    "1 − tanh²; a ramp lets it through or not at all. Without that factor every derivative behind "
    "it is too large, in one step already. An LSTM loses it for the candidate g, so with one step "
    "only the rows of g are wrong; a GRU for n, and with it for r, whose derivative goes through "
    "n. With more steps the wrong part flows back and spoils the other rows too.",
    pieces={
        "rnn_tanh": Piece("cell", SlopelessTanh),
        "rnn_relu": Piece("cell", SlopelessRelu),
        "lstm": Piece("cell", SlopelessLSTM, gates=("g",)),
        "gru": Piece("cell", SlopelessGRU, gates=("r", "n")),
    },
)
