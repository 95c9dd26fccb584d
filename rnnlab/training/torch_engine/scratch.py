"""The network from three linear layers as a torch module."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rnnlab.network.scratch import ScratchSizes


class ScratchModule(nn.Module):
    """Three linear layers, step by step; see `rnnlab.network.scratch`.

    Args:
        dropout: of the new hidden state as the output layer sees it.
        on_logits: dropout acts on the logits instead.
    """

    one_hot: Tensor  # (V, V)

    def __init__(self, sizes: ScratchSizes, dropout: float, on_logits: bool) -> None:
        super().__init__()
        V, H, O = sizes.vocab_size, sizes.hidden_size, sizes.outputs  # noqa: E741, N806
        self.register_buffer("one_hot", torch.eye(V), persistent=False)
        self.i2h = nn.Linear(V + H, H)
        self.i2o = nn.Linear(V + H, O)
        self.o2o = nn.Linear(H + O, O)
        self.is_tanh = sizes.is_tanh
        self.dropout = dropout
        self.on_logits = on_logits
        self.draws = dropout > 0

    def forward(self, ids: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """(T, B) ids → logits (T, B, O) and the hidden state to go on from, (B, H)."""
        h = self.i2h.bias.new_zeros(ids.shape[1], len(self.i2h.bias)) if state is None else state
        logits = []
        for x in F.embedding(ids, self.one_hot):  # (B, V)
            xh = torch.cat([x, h], dim=1)
            h = self.i2h(xh)
            h = torch.tanh(h) if self.is_tanh else h
            seen = h if self.on_logits else F.dropout(h, self.dropout, self.training)
            logits.append(self.o2o(torch.cat([seen, self.i2o(xh)], dim=1)))
        y = torch.stack(logits)  # (T, B, O)
        return (F.dropout(y, self.dropout, self.training) if self.on_logits else y), h
