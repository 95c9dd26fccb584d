"""How fast this machine trains with torch."""

from __future__ import annotations

import time

import torch
from torch import nn

from rnnlab.training.estimates import Speed
from rnnlab.training.torch_engine.devices import CORES, computing

_LENGTH = 32  # characters


def measured_speed() -> Speed:
    """How fast this machine trains: from large updates, and from small ones that are all overhead.

    On all cores, or on one where that is faster.
    """
    small = min(_seconds_per_position(1, 16, threads) for threads in {1, CORES})
    large = min(_seconds_per_position(32, 256, threads) for threads in {1, CORES})
    arithmetic = max(large - small, large / 2)  # on a busy machine the small one may be off
    return Speed(_multiplications(32, 256) / arithmetic, small)


def _multiplications(batch_size: int, hidden_size: int) -> float:
    return 3.0 * batch_size * 4 * hidden_size * 2 * hidden_size  # forward, and twice in backward


def _seconds_per_position(batch_size: int, hidden_size: int, threads: int) -> float:
    """Time of an update of an LSTM of as many inputs as units, divided by its length."""
    rnn = nn.LSTM(hidden_size, hidden_size)
    x = torch.zeros(_LENGTH, batch_size, hidden_size)
    times = []
    with computing(threads):
        for _ in range(3):
            start = time.perf_counter()
            rnn(x)[0].sum().backward()
            times.append(time.perf_counter() - start)
    return min(times) / _LENGTH
