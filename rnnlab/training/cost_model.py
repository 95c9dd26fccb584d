"""What an update costs: the parts of its work, and how fast a machine does them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Sizes
from rnnlab.training.config import RunConfig


@dataclass(frozen=True)
class Speed:
    """How long a machine takes for each kind of work, as a multiple of the core of `COSTS`."""

    rnn: float = 1.0  # overhead of an update of a plain RNN: operations started one by one
    lstm: float = 1.0  # the same of an LSTM, which torch may compute as a single operation
    gru: float = 1.0
    arithmetic: float = 1.0  # large operations, on one core
    arithmetic_on_all: float = 1.0  # the same on all cores together

    def overhead(self, cell: str) -> float:
        """That of an update with this cell; with one that torch has no layer of, a plain RNN's."""
        return getattr(self, CELLS[cell].torch_module.lower(), self.rnn)


@dataclass(frozen=True)
class Work:
    """What one update takes on the core of `COSTS`, in seconds."""

    overhead: float  # the same for a network of any size
    arithmetic: float  # grows with the network and the batch
    waiting: float  # of threads for each other, where more than one compute


@dataclass(frozen=True)
class Costs:
    """What the parts of an update take with an engine on one core, in seconds.

    Fitted to 141 updates of three cells, 8 to 512 units, batches of 1 to 128, and lengths of 4 to
    64: nine in ten lie within a quarter of the measured time, all within a third.
    """

    update: float  # loss, clipping, optimizer, the loop: started once, whatever their size
    # By the layer of torch that the cell is computed as:
    layer: Mapping[str, float]  # started once for each layer
    position: Mapping[str, float]  # started for each layer and character of a sequence
    weight: float  # each weight of a matrix is read for each character of a sequence,
    multiplication: float  # and used for each row of the batch, forward and backward
    element: float  # one gate of one unit at one character of one row
    logit: float  # softmax and loss of one output at one character of one row
    parameter: float  # clipping and optimizer
    dropped: float  # drawing whether one unit is dropped
    waiting: float  # threads for each other, for each layer and character of a sequence


COSTS = {  # on one core of an AMD EPYC server, torch 2.13, NumPy 2
    "torch": Costs(
        update=3.2e-4,
        layer={"LSTM": 2.9e-4},
        position={"RNN": 3.4e-5, "LSTM": 2e-7, "GRU": 1.08e-4},
        weight=1.4e-10,
        multiplication=7.2e-11,
        element=2.9e-9,
        logit=6.4e-9,
        parameter=3.3e-9,
        dropped=1.1e-8,
        waiting=1.2e-4,  # in runs of a minute on two cores, not in a few updates in a row
    ),
    "numpy": Costs(
        update=8.5e-4,
        layer={"LSTM": 2.1e-4},
        position={"RNN": 1.5e-5, "LSTM": 3.4e-5, "GRU": 3.9e-5},
        weight=0.0,
        multiplication=2.8e-11,
        element=2.3e-8,
        logit=0.0,  # too little to tell from its matrix
        parameter=6.8e-9,
        dropped=1.1e-8,
        waiting=0.0,  # it computes on one thread
    ),
}


def work(config: RunConfig, sizes: Sizes, rows: float, length: float) -> Work:
    """What one update of this network takes on a batch of so many rows of this length."""
    costs, cell = COSTS[config.engine], CELLS[config.cell]
    layers = config.num_layers * config.members * (2 if config.bidirectional else 1)
    places = rows * length
    units = layers * config.hidden_size
    weights = _weights_used(sizes)
    # What nobody has measured is expected to start as many operations as the slowest.
    started = costs.position.get(cell.torch_module, max(costs.position.values()))
    overhead = costs.update + layers * (costs.layer.get(cell.torch_module, 0.0) + length * started)
    arithmetic = (
        weights * length * costs.weight
        + weights * places * costs.multiplication
        + units * places * cell.blocks * costs.element
        + sizes.outputs * places * costs.logit
        + sizes.parameter_count() * costs.parameter
        + (units * places * costs.dropped if config.dropout else 0.0)
    )
    return Work(overhead, arithmetic, layers * length * costs.waiting)


def seconds(config: RunConfig, work: Work, speed: Speed) -> float:
    """How long an update should take on a machine, with the threads that the engine will use."""
    if config.engine == "numpy":
        return speed.rnn * work.overhead + speed.arithmetic * work.arithmetic
    overhead = speed.overhead(config.cell) * work.overhead
    alone = overhead + speed.arithmetic * work.arithmetic
    together = overhead + speed.arithmetic_on_all * work.arithmetic + work.waiting
    if config.threads == 0:
        return min(alone, together)  # the engine finds out which is faster
    return alone if config.threads == 1 else together


def _weights_used(sizes: Sizes) -> int:
    """Weights of all matrices that are multiplied; an embedding is only looked up."""
    shapes = sizes.shapes()
    matrices = {n: s for n, s in shapes.items() if len(s) == 2 and n != "embedding.weight"}
    return sum(rows * columns for rows, columns in matrices.values())
