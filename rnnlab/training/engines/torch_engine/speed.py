"""How fast this machine trains with torch."""

from __future__ import annotations

import time

import numpy as np

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture
from rnnlab.network.initialization import initial_params
from rnnlab.text.batching import Batch
from rnnlab.training.config import RunConfig
from rnnlab.training.cost_model import Speed, Work, work
from rnnlab.training.engines.torch_engine.devices import CORES
from rnnlab.training.engines.torch_engine.engine import TorchEngine

_VOCAB = 65  # characters
_SMALL = RunConfig(hidden_size=16, batch_size=1, seq_length=32, device="cpu")
_LARGE = RunConfig(hidden_size=128, batch_size=32, seq_length=8, device="cpu")
_SECONDS, _PATIENCE = 0.06, 0.2  # for each measurement, of which the fastest update counts
_MIN_UPDATES = 12  # updates, unless they take too long

# The time of the processor does not count what other programs take from it; where it is told in
# too coarse steps, as on Windows, a clock must do.
_IS_FINE = time.get_clock_info("thread_time").resolution < 1e-5
ALONE = time.thread_time if _IS_FINE else time.perf_counter


def measured_speed() -> Speed:
    """How fast this machine trains: from updates that are all overhead, and from large ones."""
    # Cells that torch computes as the same layer start the same operations: the first one tells.
    cells = {cell.torch_module: name for name, cell in reversed(CELLS.items())}
    rnn, lstm, gru = (_overhead(cells[module]) for module in ("RNN", "LSTM", "GRU"))
    return Speed(
        rnn=rnn,
        lstm=lstm,
        gru=gru,
        arithmetic=_arithmetic(1, lstm),
        arithmetic_on_all=_arithmetic(CORES, lstm),
    )


def _overhead(cell: str) -> float:
    """How many times as long as on the core of `COSTS` it takes to start the operations."""
    config = _SMALL.replace(cell=cell, threads=1)
    expected = _expected(config)
    return _fastest(config) / (expected.overhead + expected.arithmetic)


def _arithmetic(threads: int, overhead: float) -> float:
    """How many times as long the large operations take; at least half the time is theirs."""
    config = _LARGE.replace(threads=threads)
    expected, measured = _expected(config), _fastest(config)
    return max(measured - overhead * expected.overhead, measured / 2) / expected.arithmetic


def _sizes(config: RunConfig) -> Architecture:
    return Architecture(config.cell, _VOCAB, 0, config.hidden_size, 1)


def _expected(config: RunConfig) -> Work:
    return work(config, _sizes(config), config.batch_size, config.seq_length)


def _fastest(config: RunConfig) -> float:
    """Seconds of the fastest of some updates."""
    rng, sizes = np.random.default_rng(0), _sizes(config)
    clock = ALONE if config.threads == 1 else time.perf_counter
    engine = TorchEngine(config, sizes, initial_params(sizes, "pytorch", rng))
    ids = rng.integers(_VOCAB, size=(config.batch_size, config.seq_length + 1))
    batch = Batch(ids[:, :-1], ids[:, 1:], carry=False)
    times: list[float] = []
    while sum(times) < (_SECONDS if len(times) >= _MIN_UPDATES else _PATIENCE):
        start = clock()
        engine.update(batch, 0.001, "norm", 1.0)
        times.append(clock() - start)
    return min(times)
