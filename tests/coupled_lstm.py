"""A cell that the project does not have, as somebody would add it: an LSTM with coupled gates.

What is forgotten is what is written, f = 1 − i (Greff et al. 2017, arXiv:1503.04069, "CIFG"). It
differs from every cell of the project: it has three blocks and two states, and the value that
keeps its memory is no gate with rows of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnlab.network.cells import Cell, Clamper, Values, join, sigmoid, split, table, untouched


class CoupledLSTM(Cell):
    """An LSTM that forgets just as much as it writes."""

    name, title = "coupled", "Coupled LSTM"
    blocks, gates, states = 3, ("i", "g", "o"), ("h", "c")
    VALUES = table(
        ("h", "Hidden state: the part of the cell that is shown, o · tanh(c).", -1, 1),
        ("c", "Cell state: a mixture of all candidates so far.", -1, 1),
        ("i", "Input gate: how much of the candidate is written.", 0, 1, "input gate: 1 writes g"),
        ("f", "Forget gate: how much of the memory is kept, 1 − i.", 0, 1, "forget gate: 1 − i"),
        ("g", "Candidate: the new value offered to the memory.", -1, 1, "what is offered"),
        ("o", "Output gate: how much of the memory is shown.", 0, 1, "output gate: 1 shows all"),
    )
    equations = (
        ("i", r"\sigma(<a_i> + <u_i>)"),
        ("f", r"1 - <i>"),
        ("g", r"\tanh(<a_g> + <u_g>)"),
        ("o", r"\sigma(<a_o> + <u_o>)"),
        ("c", r"<f> \cdot <old_c> + <i> \cdot <g>"),
        ("h", r"<o> \cdot \tanh(<c>)"),
    )
    candidate_block = 1
    carried, carry_gate, carry_words = "c", "f", "forget gate"
    write_gate, output_gate, written = "i", "o", "i · g"
    sources = "K. Greff et al., LSTM: a search space odyssey, arXiv:1503.04069"
    torch_module = "CoupledLSTM"

    @staticmethod
    def forward(a: np.ndarray, u: np.ndarray, state: Values, clamp: Clamper = untouched) -> Values:
        i, g, o = split(a + u, 3)
        i, g, o = sigmoid(i), np.tanh(g), sigmoid(o)
        f = 1 - i
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
        di = dc * (g - previous["c"]) * i * (1 - i)
        dg = dc * i * (1 - g**2)
        do = d["h"] * tanh_c * o * (1 - o)
        da = join(di, dg, do)
        return da, da, {"c": dc * f}


class Silent(CoupledLSTM):
    """The same equations, of which nothing is told but what a cell must tell."""

    name, title = "silent", "Silent cell"
    carried = None
    torch_module = ""


class CoupledLayers(nn.Module):
    """Layers of such cells, as torch's own are called: (T, B, ·) → (T, B, H) and (h, c)."""

    def __init__(self, inputs: int, hidden: int, layers: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.layers, self.dropout = layers, dropout
        for k in range(layers):
            for kind, shape in (
                ("weight_ih", (3 * hidden, hidden if k else inputs)),
                ("weight_hh", (3 * hidden, hidden)),
                ("bias_ih", (3 * hidden,)),
                ("bias_hh", (3 * hidden,)),
            ):
                self.register_parameter(f"{kind}_l{k}", nn.Parameter(torch.empty(shape)))

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        size = self.weight_hh_l0.shape[1]
        zeros = x.new_zeros(self.layers, x.shape[1], size)
        start = (zeros, zeros) if state is None else state
        hs, cs = [], []
        for k in range(self.layers):
            h, c, told = start[0][k], start[1][k], []
            for given in x:
                a = nn.functional.linear(
                    given, getattr(self, f"weight_ih_l{k}"), getattr(self, f"bias_ih_l{k}")
                )
                u = nn.functional.linear(
                    h, getattr(self, f"weight_hh_l{k}"), getattr(self, f"bias_hh_l{k}")
                )
                i, g, o = (a + u).chunk(3, dim=1)
                i, g, o = i.sigmoid(), g.tanh(), o.sigmoid()
                c = c.lerp(g, i)  # (1 − i) c + i g
                h = o * c.tanh()
                told.append(h)
            x = torch.stack(told)
            hs.append(h)
            cs.append(c)
        return x, (torch.stack(hs), torch.stack(cs))
