"""Which torch module computes the recurrent layers of a cell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from torch import nn


def recurrent(cell: str) -> Callable[..., nn.RNNBase]:
    """The maker of recurrent layers with these cells."""
    if cell in ("lstm", "gru"):
        return nn.LSTM if cell == "lstm" else nn.GRU
    return partial(nn.RNN, nonlinearity=cell.removeprefix("rnn_"))
