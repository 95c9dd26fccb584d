"""The derivatives of two gates are put into each other's rows."""

from __future__ import annotations

import numpy as np

from rnnlab.inspection.gradient_check.faults.fault import Fault, Piece
from rnnlab.network.cells import GRU, LSTM, Values, join


class SwappedLSTM(LSTM):
    """i and f are exchanged."""

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
        da = join(df, di, dg, do)
        return da, da, {"c": dc * f}


class SwappedGRU(GRU):
    """r and z are exchanged."""

    @staticmethod
    def backward(
        values: Values, previous: Values, d: Values
    ) -> tuple[np.ndarray, np.ndarray, Values]:
        r, z, n, m = (values[name] for name in "rznm")
        dn = d["h"] * (1 - z) * (1 - n**2)
        dz = d["h"] * (previous["h"] - n) * z * (1 - z)
        dr = dn * m * r * (1 - r)
        return join(dz, dr, dn), join(dz, dr, dn * r), {"h": d["h"] * z}


FAULT = Fault(
    name="swapped",
    title="Two gates are swapped (i and f, or r and z)",
    act="The derivatives of two gates stand in each other's rows.",
    fails=("rnn.*",),
    hidden_by="",
    hints=(
        "Which tensors are wrong, and which is right? The decoder comes before the recurrent "
        "layers.",
        "Does one step make it pass? If not, the walk back through time is innocent, and the fault "
        "lies inside a single step.",
        "With one step and one layer, look at a wrong tensor element by element: which gates have "
        "wrong rows, which are right? Two wrong blocks, side by side, are a trace.",
    ),
    why="The blocks of the matrices stand in the order i, f, g, o (LSTM) or r, z, n (GRU). The "
    "derivatives are right, but the first two are joined in the wrong order: so with one step "
    "exactly these two blocks of rows are wrong, and each holds what belongs into the other. With "
    "more steps the wrong order goes back through W_hh and spoils all rows.",
    pieces={
        "lstm": Piece("cell", SwappedLSTM, gates=("i", "f")),
        "gru": Piece("cell", SwappedGRU, gates=("r", "z")),
    },
)
