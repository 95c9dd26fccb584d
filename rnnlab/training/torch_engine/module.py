"""The network as torch modules."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rnnlab.network.both_ways import BothWaysSizes
from rnnlab.network.encoder_decoder import EncoderDecoderSizes
from rnnlab.network.ensemble import EnsembleSizes
from rnnlab.network.kinds import Sizes
from rnnlab.network.linear_rnn import LinearRNNSizes
from rnnlab.network.models import Architecture
from rnnlab.network.scratch import ScratchSizes
from rnnlab.network.window import WindowSizes
from rnnlab.training.config import RunConfig
from rnnlab.training.torch_engine.classifying import (
    BothWaysModule,
    EnsembleModule,
    LinearRNNModule,
    WindowModule,
)
from rnnlab.training.torch_engine.recurrent import recurrent
from rnnlab.training.torch_engine.scratch import ScratchModule


def make_module(sizes: Sizes, config: RunConfig) -> nn.Module:
    """The torch module of a network of this kind.

    Its `draws` says whether a training pass depends on torch's random numbers.
    """
    if isinstance(sizes, EnsembleSizes):
        return EnsembleModule([make_module(sizes.member, config) for _ in range(sizes.number)])
    if isinstance(sizes, EncoderDecoderSizes):
        return EncoderDecoderModule(sizes, config.dropout, config.teacher_forcing)
    if isinstance(sizes, BothWaysSizes):
        return BothWaysModule(sizes, config.dropout)
    if isinstance(sizes, WindowSizes):
        return WindowModule(sizes, config.dropout)
    if isinstance(sizes, LinearRNNSizes):
        return LinearRNNModule(sizes)
    on_logits = config.dropout_place == "logits"
    if isinstance(sizes, ScratchSizes):
        return ScratchModule(sizes, config.dropout, on_logits)
    assert isinstance(sizes, Architecture)
    return CharModule(sizes, config.dropout, on_logits)


class CharModule(nn.Module):
    """One-hot or embedding → recurrent layers → decoder; time first, (T, B, ·).

    Args:
        dropout: between the layers and before the decoder.
        on_logits: dropout acts on what the decoder says instead, and nowhere else.
    """

    one_hot: Tensor  # (V, V), without an embedding

    def __init__(self, architecture: Architecture, dropout: float, on_logits: bool = False) -> None:
        super().__init__()
        V, D = architecture.vocab_size, architecture.embedding_size  # noqa: N806
        H, L = architecture.hidden_size, architecture.num_layers  # noqa: N806
        if D:
            self.embedding = nn.Embedding(V, D)
        else:
            self.register_buffer("one_hot", torch.eye(V), persistent=False)
        # torch warns about dropout between layers of one
        between = dropout if L > 1 and not on_logits else 0.0
        self.rnn = recurrent(architecture.cell)(D or V, H, L, dropout=between)
        self.decoder = nn.Linear(H, architecture.outputs)
        self.dropout = dropout
        self.on_logits = on_logits
        self.draws = dropout > 0

    def forward(self, ids: Tensor, state: object) -> tuple[Tensor, object]:
        """(T, B) ids → logits (T, B, V) and the state to go on from."""
        h, state = self.rnn(self.vectors(ids), state)  # (T, B, H)
        if self.dropout and self.on_logits:
            return F.dropout(self.decoder(h), self.dropout, self.training), state
        if self.dropout:
            h = F.dropout(h, self.dropout, self.training)
        return self.decoder(h), state

    def vectors(self, ids: Tensor) -> Tensor:
        """What the first layer is given for each symbol, (…, D)."""
        return F.embedding(ids, self.one_hot) if hasattr(self, "one_hot") else self.embedding(ids)


class EncoderDecoderModule(CharModule):
    """A character RNN that starts from the final state of layers which read the source.

    Args:
        teacher_forcing: probability, for each symbol that the decoder is given while it trains, of
            being the true one; else it is the one that the decoder itself found likeliest.
    """

    def __init__(self, sizes: EncoderDecoderSizes, dropout: float, teacher_forcing: float) -> None:
        super().__init__(sizes.half, dropout)
        half = sizes.half
        inputs = half.embedding_size or half.vocab_size
        self.encoder = recurrent(half.cell)(
            inputs, half.hidden_size, half.num_layers, dropout=self.rnn.dropout
        )
        self.separator = sizes.separator
        self.teacher_forcing = teacher_forcing
        self.draws = dropout > 0 or teacher_forcing < 1

    def forward(self, ids: Tensor, state: object) -> tuple[Tensor, object]:
        """(T, B) ids of source, separator, answer → logits (T, B, V), 0 over the source."""
        length = int((ids[:, 0] == self.separator).int().argmax())
        _, state = self.encoder(self.vectors(ids[:length]), state)
        if self.training and self.teacher_forcing < 1:
            logits, state = self._on_its_own(ids[length:], state)
        else:
            logits, state = super().forward(ids[length:], state)
        silent = logits.new_zeros(length, *logits.shape[1:])
        return torch.cat([silent, logits]), state

    def _on_its_own(self, ids: Tensor, state: object) -> tuple[Tensor, object]:
        """Step by step, now and then given its own likeliest symbol instead of the true one."""
        given, logits = ids[:1], []
        for t in range(len(ids)):
            scores, state = super().forward(given, state)  # (1, B, V)
            logits.append(scores)
            if t + 1 < len(ids):
                forced = torch.rand(ids.shape[1], device=ids.device) < self.teacher_forcing
                given = torch.where(forced, ids[t + 1], scores[0].argmax(dim=-1))[None]
        return torch.cat(logits), state
