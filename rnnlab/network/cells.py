"""The recurrent cells: their elementwise equations, forward and backward, and all they are.

A cell is told what the input says, `a = W_ih x + b_ih`, and what the memory says,
`u = W_hh h + b_hh`, and makes the new state of them. Matrices, layers and the loop over time are
written once for all cells, in `layers.py` and `char_rnn.py`. Equations, names and the order of
the blocks are those of `torch.nn.RNN`, `torch.nn.LSTM` and `torch.nn.GRU`.

Whatever the rest of the project must know of a cell is an attribute of its class, and nothing else
tells cells apart by their names: a new cell is a class here, in `CELLS`, and where torch has no
layer of such cells, a module among those of the torch engine.

In `backward`, `dx` is the derivative of the loss by `x`; the derivative of a gate is taken before
its squashing function, because that is where the matrices meet it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
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
    brief: str = ""  # of a gate: what it does, for a box in a drawing


class Cell:
    """What every cell tells about itself.

    `forward(a, u, state)` takes a and u of shape (…, blocks · H) and the previous state, (…, H)
    each, and gives every value by name, the new state among them. `clamp(name, value)` may change
    a new state before it is used.

    `backward(values, previous, d)` takes what forward gave, the state before, and the derivatives
    `d` by the new state; it gives da, du and the derivatives by the previous state, as far as it
    was used elementwise: what flows back through W_hh is in du.

    A cell that `carries` a state adds to it at every step: carried = keep · carried + write, and
    write = admitted · candidate. Where that state is not h itself, it is called c and shown through
    the output gate: h = output gate · tanh(c). A cell that squashes all of its state carries none.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    blocks: ClassVar[int]  # rows of the matrices, in units of H
    gates: ClassVar[tuple[str, ...]]  # names of the blocks, in order; none where it has no gates
    states: ClassVar[tuple[str, ...]]  # what is handed from step to step
    VALUES: ClassVar[dict[str, ValueInfo]]
    forward: ClassVar[Callable[..., Values]]
    backward: ClassVar[Callable[..., tuple[np.ndarray, np.ndarray, Values]]]

    # Its equations in LaTeX, in the order in which they are computed: `<f>` is a value, `<old_c>` a
    # state before the step, `<a_f>` and `<u_f>` what input and memory say to the gate f.
    equations: ClassVar[tuple[tuple[str, str], ...]]
    squash: ClassVar[str] = ""  # the function of a cell without gates, as people write it
    remark: ClassVar[str] = ""  # for readers of other texts, which write it otherwise
    candidate_block: ClassVar[int] = 0  # the block that offers a new value
    # By gate: the value that multiplies what the memory says to it.
    through: ClassVar[Mapping[str, str]] = {}
    forget_gate: ClassVar[str | None] = None  # the gate whose bias a run may raise at its start

    carried: ClassVar[str | None] = None  # the state that is added to, if there is one
    carry_gate: ClassVar[str] = ""  # the value that says how much of it is kept
    carry_words: ClassVar[str] = ""  # and what people call it
    write_gate: ClassVar[str] = ""  # the value that says how much of the candidate is admitted
    output_gate: ClassVar[str] = ""  # the value that says how much of it is shown
    written: ClassVar[str] = ""  # what is added to it, in symbols
    sources: ClassVar[str] = ""  # who described the cell, and the time-scales of its units

    torch_module: ClassVar[str] = ""  # its layers in the torch engine; "": it has none
    torch_options: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def blocks_of(cls) -> tuple[str, ...]:
        """A name for each block: its gate, or "h" where there is only one."""
        return cls.gates or ("h",)

    @classmethod
    def candidate(cls) -> str:
        """The name of the block that offers a new value."""
        return cls.blocks_of()[cls.candidate_block]

    @classmethod
    def has_memory(cls) -> bool:
        """Whether it carries a state beside h, which only the gates change."""
        return cls.carried not in (None, "h")

    @classmethod
    def is_bounded(cls) -> bool:
        """Whether h stays between two numbers, whatever the weights are."""
        info = cls.VALUES["h"]
        return info.low is not None and info.high is not None

    @classmethod
    def keep(cls, values: Values) -> np.ndarray:
        """(…, H) the share of the carried state that a step keeps."""
        return values[cls.carry_gate]

    @classmethod
    def admitted(cls, values: Values) -> np.ndarray:
        """(…, H) the share of the candidate that a step writes into the carried state."""
        return values[cls.write_gate]

    @classmethod
    def write(cls, values: Values) -> np.ndarray:
        """(…, H) what a step adds to the carried state."""
        return cls.admitted(values) * values[cls.candidate()]

    @classmethod
    def shown_slope(cls, values: Values) -> np.ndarray:
        """(…, H) the derivative of h by a carried state beside it, within one step."""
        assert cls.carried is not None
        return values[cls.output_gate] * (1 - np.tanh(values[cls.carried]) ** 2)


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


def table(
    *rows: tuple[str, str, float | None, float | None]
    | tuple[str, str, float | None, float | None, str],
) -> dict[str, ValueInfo]:
    """The values of a cell by name, from what each ValueInfo is made of."""
    return {row[0]: ValueInfo(*row) for row in rows}


class RNNTanh(Cell):
    """The simple recurrent network of Elman (1990)."""

    name, title = "rnn_tanh", "tanh RNN"
    blocks, gates, states = 1, (), ("h",)
    VALUES = table(("h", "Hidden state: what the unit tells the next step and the output.", -1, 1))
    equations = (("h", r"\tanh(<a_h> + <u_h>)"),)
    squash = "tanh"
    torch_module, torch_options = "RNN", MappingProxyType({"nonlinearity": "tanh"})

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
    VALUES = table(
        ("h", "Hidden state: what the unit tells the next step and the output.", 0, None)
    )
    equations = (("h", r"\max(0, <a_h> + <u_h>)"),)
    squash = "max(0, ·)"
    torch_module, torch_options = "RNN", MappingProxyType({"nonlinearity": "relu"})

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
    VALUES = table(
        ("h", "Hidden state: the part of the cell that is shown, o · tanh(c).", -1, 1),
        ("c", "Cell state: the memory itself, which only the gates change.", None, None),
        (
            "i",
            "Input gate: how much of the candidate is written; 1 writes all of it.",
            0,
            1,
            "input gate: 1 writes all of g",
        ),
        (
            "f",
            "Forget gate: how much of the memory is kept; 1 keeps it, 0 erases it.",
            0,
            1,
            "forget gate: 1 keeps, 0 erases",
        ),
        (
            "g",
            "Candidate: the new value offered to the memory.",
            -1,
            1,
            "candidate: what is offered",
        ),
        (
            "o",
            "Output gate: how much of the memory is shown; 1 shows all of it.",
            0,
            1,
            "output gate: 1 shows all of it",
        ),
    )
    equations = (
        ("i", r"\sigma(<a_i> + <u_i>)"),
        ("f", r"\sigma(<a_f> + <u_f>)"),
        ("g", r"\tanh(<a_g> + <u_g>)"),
        ("o", r"\sigma(<a_o> + <u_o>)"),
        ("c", r"<f> \cdot <old_c> + <i> \cdot <g>"),
        ("h", r"<o> \cdot \tanh(<c>)"),
    )
    candidate_block, forget_gate = 2, "f"
    carried, carry_gate, carry_words = "c", "f", "forget gate"
    write_gate, output_gate, written = "i", "o", "i · g"
    sources = (
        "S. Hochreiter & J. Schmidhuber, Long short-term memory, Neural Computation 9 (1997); "
        "F. Gers et al., Learning to forget, Neural Computation 12 (2000); time-scales: S. Mahto "
        "et al., Multi-timescale representation learning in LSTM language models, arXiv:2009.12727"
    )
    torch_module = "LSTM"

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
    VALUES = table(
        ("h", "Hidden state: a mixture of the old state and the candidate.", -1, 1),
        (
            "r",
            "Reset gate: how much the memory may say to the candidate; 0 ignores it.",
            0,
            1,
            "reset gate: what the memory may say to n",
        ),
        (
            "z",
            "Update gate: how much of the old state is kept; 1 keeps, 0 overwrites.",
            0,
            1,
            "update gate: 1 keeps, 0 overwrites",
        ),
        (
            "n",
            "Candidate: the new value that overwrites where z is small.",
            -1,
            1,
            "candidate: what is offered",
        ),
        ("m", "What the memory says to the candidate, before the reset gate.", None, None),
    )
    equations = (
        ("r", r"\sigma(<a_r> + <u_r>)"),
        ("z", r"\sigma(<a_z> + <u_z>)"),
        ("n", r"\tanh(<a_n> + <r> \cdot <u_n>)"),
        ("h", r"(1 - <z>) \cdot <n> + <z> \cdot <old_h>"),
    )
    remark = (
        "z = 1 keeps the old state, 0 overwrites it, as in PyTorch; other texts swap the two. The "
        "reset gate acts on what the memory says, after its matrix."
    )
    candidate_block, through = 2, MappingProxyType({"n": "r"})
    carried, carry_gate, carry_words = "h", "z", "update gate z"
    write_gate, written = "z", "(1 − z) · n"
    sources = (
        "K. Cho et al., Learning phrase representations using RNN encoder–decoder, "
        "arXiv:1406.1078; time-scales: as S. Mahto et al. have them for the LSTM, arXiv:2009.12727"
    )
    torch_module = "GRU"

    @classmethod
    def admitted(cls, values: Values) -> np.ndarray:
        return 1 - values["z"]

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
