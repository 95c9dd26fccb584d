"""The network as torch modules."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rnnlab.network.models import Architecture


class CharModule(nn.Module):
    """One-hot or embedding → recurrent layers → decoder; time first, (T, B, ·)."""

    def __init__(self, architecture: Architecture, dropout: float) -> None:
        super().__init__()
        V, D = architecture.vocab_size, architecture.embedding_size  # noqa: N806
        H, L = architecture.hidden_size, architecture.num_layers  # noqa: N806
        if D:
            self.embedding = nn.Embedding(V, D)
        else:
            self.register_buffer("one_hot", torch.eye(V), persistent=False)
        between = dropout if L > 1 else 0.0  # torch warns about dropout between layers of one
        self.rnn = _recurrent(architecture.cell)(D or V, H, L, dropout=between)
        self.decoder = nn.Linear(H, architecture.outputs)
        self.dropout = dropout

    def forward(self, ids: Tensor, state: object) -> tuple[Tensor, object]:
        """(T, B) ids → logits (T, B, V) and the state to go on from."""
        x = F.embedding(ids, self.one_hot) if hasattr(self, "one_hot") else self.embedding(ids)
        h, state = self.rnn(x, state)  # (T, B, H)
        if self.dropout:
            h = F.dropout(h, self.dropout, self.training)
        return self.decoder(h), state


def _recurrent(cell: str) -> Callable[..., nn.RNNBase]:
    if cell in ("lstm", "gru"):
        return nn.LSTM if cell == "lstm" else nn.GRU
    return partial(nn.RNN, nonlinearity=cell.removeprefix("rnn_"))
