"""The networks of every kind as torch modules; time comes first, (T, B, ·)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, Sizes
from rnnlab.network.kinds.bidirectional import PADDING, BidirectionalSizes
from rnnlab.network.kinds.encoder_decoder import EncoderDecoderSizes
from rnnlab.network.kinds.ensemble import EnsembleSizes
from rnnlab.network.kinds.from_scratch import FromScratchSizes, LinearRNNSizes
from rnnlab.network.kinds.window_mlp import NOTHING, WindowSizes
from rnnlab.training.config import ConfigError, RunConfig


class FromScratchModule(nn.Module):
    """Three linear layers, step by step; see `rnnlab.network.kinds.from_scratch`.

    Args:
        dropout: of the new hidden state as the output layer sees it.
        on_logits: dropout acts on the logits instead.
    """

    one_hot: Tensor  # (V, V)

    def __init__(self, sizes: FromScratchSizes, dropout: float, on_logits: bool) -> None:
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


# By `Cell.torch_module`; another cell's layers are added here. They take and give what those of
# torch do, under the same names (`weight_ih_l0` …, `dropout` to be read): (T, B, ·) and the state,
# h or (h, …), each (L, B, H). `batch_first` is asked for by tests, `bidirectional` by one kind.
LAYERS: dict[str, Callable[..., nn.Module]] = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}


def recurrent(cell: str, *sizes: int, **options: Any) -> nn.Module:
    """Recurrent layers of these cells.

    Args:
        sizes: of the input, of the hidden state, and the number of layers.
        options: those of `torch.nn.RNN`.
    Raises:
        ConfigError: torch has no such layers.
    """
    kind = CELLS[cell]
    if kind.torch_module not in LAYERS:
        raise ConfigError(
            f"The torch engine has no layers of the cell '{cell}' ({kind.title}); choose the "
            "engine 'numpy'."
        )
    return LAYERS[kind.torch_module](*sizes, **kind.torch_options, **options)


class BidirectionalModule(nn.Module):
    """Bidirectional layers whose two final states the decoder is given."""

    one_hot: Tensor  # (V, V), without an embedding

    def __init__(self, sizes: BidirectionalSizes, dropout: float) -> None:
        super().__init__()
        half = sizes.half
        V, D, H = half.vocab_size, half.embedding_size, half.hidden_size  # noqa: N806
        if D:
            self.embedding = nn.Embedding(V, D)
        else:
            self.register_buffer("one_hot", torch.eye(V), persistent=False)
        between = dropout if half.num_layers > 1 else 0.0
        self.rnn = recurrent(
            half.cell, D or V, H, half.num_layers, dropout=between, bidirectional=True
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
        self.rnn = recurrent(architecture.cell, D or V, H, L, dropout=between)
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
        self.encoder = recurrent(
            half.cell, inputs, half.hidden_size, half.num_layers, dropout=self.rnn.dropout
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


def make_module(sizes: Sizes, config: RunConfig) -> nn.Module:
    """The torch module of a network of this kind.

    Its `draws` says whether a training pass depends on torch's random numbers.

    Raises:
        ConfigError: torch has no layers of this cell.
    """
    return MODULES[type(sizes)](sizes, config)


def _ensemble(sizes: EnsembleSizes, config: RunConfig) -> nn.Module:
    return EnsembleModule([make_module(sizes.member, config) for _ in range(sizes.number)])


def _on_logits(config: RunConfig) -> bool:
    return config.dropout_place == "logits"


MODULES: dict[type, Callable[[Any, RunConfig], nn.Module]] = {
    Architecture: lambda sizes, config: CharModule(sizes, config.dropout, _on_logits(config)),
    EncoderDecoderSizes: lambda sizes, config: EncoderDecoderModule(
        sizes, config.dropout, config.teacher_forcing
    ),
    BidirectionalSizes: lambda sizes, config: BidirectionalModule(sizes, config.dropout),
    WindowSizes: lambda sizes, config: WindowModule(sizes, config.dropout),
    FromScratchSizes: lambda sizes, config: FromScratchModule(
        sizes, config.dropout, _on_logits(config)
    ),
    LinearRNNSizes: lambda sizes, config: LinearRNNModule(sizes),
    EnsembleSizes: _ensemble,
}
