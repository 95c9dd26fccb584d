"""What flows through a character RNN: its parts, and the shape of every array between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnlab.network.cells import CELLS
from rnnlab.network.models import Architecture

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """A part of the network, and the array that leaves it."""

    title: str  # "RNN layer 1"
    does: str  # its equation
    weights: dict[str, Shape]  # by torch's names
    out: str  # name of what leaves it
    shape: Shape  # of that
    state: Shape | None  # of the hidden state that it starts from, zeros; None: it has none

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts in it."""
        return sum(math.prod(shape) for shape in self.weights.values())


def stages(architecture: Architecture, batch_size: int, seq_length: int) -> list[Stage]:
    """The parts of a network from the characters' numbers to the loss.

    Args:
        batch_size: B.
        seq_length: T; the first arrow brings the ids x, (B, T).
    """
    grid = batch_size, seq_length
    shapes = architecture.shapes()
    found = [_input(architecture, shapes, grid)]
    for k in range(architecture.num_layers):
        found.append(_layer(architecture, shapes, grid, k))
    outputs = architecture.outputs
    decoder = {name: shapes[name] for name in shapes if name.startswith("decoder.")}
    return [
        *found,
        Stage("Linear", "logits = h·Wᵀ + b", decoder, "logits", (*grid, outputs), None),
        Stage("Cross-entropy", "mean of −ln softmax(logits)[y]", {}, "loss", (), None),
    ]


def _input(architecture: Architecture, shapes: dict[str, Shape], grid: Shape) -> Stage:
    if architecture.embedding_size:
        size = architecture.embedding_size
        weights = {"embedding.weight": shapes["embedding.weight"]}
        return Stage("Embedding", "e = E[x], a row each", weights, "e", (*grid, size), None)
    size = architecture.vocab_size
    return Stage("One-hot", "e = 1 at x, else 0", {}, "e", (*grid, size), None)


def _layer(architecture: Architecture, shapes: dict[str, Shape], grid: Shape, k: int) -> Stage:
    cell, hidden = CELLS[architecture.cell], architecture.hidden_size
    below = f"h{k}" if k else "e"
    does = _EQUATIONS.get(architecture.cell, "{h} = cell({x}, {h} before)")
    return Stage(
        title=f"{cell.title} layer {k + 1}",
        does=does.format(x=below, h=f"h{k + 1}"),
        weights={name: shape for name, shape in shapes.items() if name.endswith(f"_l{k}")},
        out=f"h{k + 1}",
        shape=(*grid, hidden),
        state=(grid[0], hidden),
    )


_EQUATIONS = {
    "rnn_tanh": "{h} = tanh({x}·W_ihᵀ + b_ih + {h} before·W_hhᵀ + b_hh)",
    "rnn_relu": "{h} = relu({x}·W_ihᵀ + b_ih + {h} before·W_hhᵀ + b_hh)",
}
