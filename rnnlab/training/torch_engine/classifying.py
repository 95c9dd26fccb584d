"""The networks of `both_ways.py`, `window.py`, `linear_rnn.py` and `ensemble.py` as modules."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from rnnlab.network.both_ways import PADDING, BothWaysSizes
from rnnlab.network.linear_rnn import LinearRNNSizes
from rnnlab.network.window import NOTHING, WindowSizes
from rnnlab.training.torch_engine.recurrent import recurrent


class BothWaysModule(nn.Module):
    """Bidirectional layers whose two final states the decoder is given."""

    one_hot: Tensor  # (V, V), without an embedding

    def __init__(self, sizes: BothWaysSizes, dropout: float) -> None:
        super().__init__()
        half = sizes.half
        V, D, H = half.vocab_size, half.embedding_size, half.hidden_size  # noqa: N806
        if D:
            self.embedding = nn.Embedding(V, D)
        else:
            self.register_buffer("one_hot", torch.eye(V), persistent=False)
        between = dropout if half.num_layers > 1 else 0.0
        self.rnn = recurrent(half.cell)(
            D or V, H, half.num_layers, dropout=between, bidirectional=True
        )
        self.decoder = nn.Linear(2 * H, half.outputs)
        self.dropout = dropout
        self.draws = dropout > 0

    def forward(self, ids: Tensor, state: None) -> tuple[Tensor, None]:
        """(T, B) ids, filled up at the end → logits (T, B, O), the same at every step."""
        x = F.embedding(ids, self.one_hot) if hasattr(self, "one_hot") else self.embedding(ids)
        lengths = (ids != PADDING).sum(dim=0).clamp(min=1).cpu()
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        _, final = self.rnn(packed)
        h = final[0] if isinstance(final, tuple) else final  # (2 · L, B, H)
        joined = F.dropout(torch.cat([h[-2], h[-1]], dim=1), self.dropout, self.training)
        return self.decoder(joined).expand(len(ids), -1, -1), None


class WindowModule(nn.Module):
    """A perceptron over the last characters; what it hands on are these characters."""

    one_hot: Tensor  # (V, V), without an embedding

    def __init__(self, sizes: WindowSizes, dropout: float) -> None:
        super().__init__()
        V, D, H = sizes.vocab_size, sizes.embedding_size, sizes.hidden_size  # noqa: N806
        if D:
            self.embedding = nn.Embedding(V, D)
        else:
            self.register_buffer("one_hot", torch.eye(V), persistent=False)
        inputs = [sizes.window * (D or V)] + [H] * (sizes.num_layers - 1)
        self.hidden = nn.ModuleList(nn.Linear(n, H) for n in inputs)
        self.decoder = nn.Linear(H, sizes.outputs)
        self.window = sizes.window
        self.dropout = dropout
        self.draws = dropout > 0

    def forward(self, ids: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """(T, B) ids → logits (T, B, O) and the last W − 1 characters, (W − 1, B)."""
        if state is None:
            state = ids.new_full((self.window - 1, ids.shape[1]), NOTHING)
        text = torch.cat([state.to(ids.dtype), ids])  # (W − 1 + T, B)
        known = self.one_hot if hasattr(self, "one_hot") else self.embedding.weight
        vectors = F.pad(known, (0, 0, 1, 0))  # (1 + V, D), zeros first
        x = F.embedding(text.unfold(0, self.window, 1) + 1, vectors).flatten(2)  # (T, B, W · D)
        for layer in self.hidden:
            x = F.dropout(torch.tanh(layer(x)), self.dropout, self.training)
        return self.decoder(x), text[len(text) - self.window + 1 :]


class LinearRNNModule(nn.Module):
    """Two linear layers, step by step.

    What they make of the inputs is looked up for all steps at once, since an input is one-hot;
    what they make of the hidden states before is computed step by step for i2h only.
    """

    def __init__(self, sizes: LinearRNNSizes) -> None:
        super().__init__()
        V, H = sizes.vocab_size, sizes.hidden_size  # noqa: N806
        self.i2h = nn.Linear(V + H, H)
        self.i2o = nn.Linear(V + H, sizes.outputs)
        self.vocab_size = V
        self.draws = False

    def forward(self, ids: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """(T, B) ids → logits (T, B, O) and the hidden state to go on from, (B, H)."""
        V = self.vocab_size  # noqa: N806
        h = self.i2h.bias.new_zeros(ids.shape[1], len(self.i2h.bias)) if state is None else state
        x = F.embedding(ids, self.i2h.weight[:, :V].T) + self.i2h.bias  # (T, B, H)
        matrix = self.i2h.weight[:, V:].T
        before = [h]
        for of_input in x:
            before.append(torch.addmm(of_input, before[-1], matrix))  # (B, H)
        y = F.embedding(ids, self.i2o.weight[:, :V].T)  # (T, B, O)
        h = torch.stack(before[:-1])  # (T, B, H)
        return y + F.linear(h, self.i2o.weight[:, V:], self.i2o.bias), before[-1]


class EnsembleModule(nn.Module):
    """Networks that learn side by side, each by its own loss, and then vote."""

    def __init__(self, members: list[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.draws = any(member.draws for member in members)

    def forward(self, ids: Tensor, state: None) -> tuple[Tensor, None]:
        """(T, B) ids → while it learns, the logits of one network after the other, (M · T, B, O);
        else the logarithms of the mean of their probabilities, (T, B, O)."""
        logits = torch.stack([member(ids, None)[0] for member in self.members])  # (M, T, B, O)
        if self.training:
            return logits.flatten(0, 1), None
        return logits.log_softmax(-1).logsumexp(0) - math.log(len(logits)), None
