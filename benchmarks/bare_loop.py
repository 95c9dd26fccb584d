"""The peer of our training: a plain torch loop with the shapes of a run, in a process of its own.

`python -m benchmarks.bare_loop CONFIG_JSON DATA THREADS SECONDS` prints updates a second.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig

MODULES = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn_tanh": nn.RNN}
OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
WARM_UP = 20  # updates that are not timed


class Net(nn.Module):
    """Embedding → recurrent layer → linear, as a tutorial writes it."""

    def __init__(self, config: RunConfig, vocab_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, config.embedding_size)
        self.rnn = MODULES[config.cell](
            config.embedding_size, config.hidden_size, config.num_layers
        )
        self.decoder = nn.Linear(config.hidden_size, vocab_size)

    def forward(self, x: torch.Tensor, state: object) -> tuple[torch.Tensor, object]:
        """(T, B) ids and a state → (T, B, V) logits and the next state."""
        h, state = self.rnn(self.embedding(x), state)
        return self.decoder(h), state


def batches(ids: torch.Tensor, config: RunConfig) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Contiguous streams, time first: inputs and targets (T, B), over and over."""
    streams = ids[: len(ids) // config.batch_size * config.batch_size]
    streams = streams.view(config.batch_size, -1).t().contiguous()  # (N/B, B)
    while True:
        for start in range(0, len(streams) - 1 - config.seq_length, config.seq_length):
            stop = start + config.seq_length
            yield streams[start:stop], streams[start + 1 : stop + 1]


def detached(state: object) -> object:
    """The state without its history."""
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()


def updates_per_second(config: RunConfig, data: Path, threads: int, seconds: float) -> float:
    """Speed of the loop after its warm-up."""
    torch.set_num_threads(threads)
    text = CorpusLibrary(data).load(config.corpus).text
    symbols = sorted(set(text))
    ids = torch.tensor([symbols.index(c) for c in text[: int(len(text) * config.train_share)]])
    net = Net(config, len(symbols))
    optimizer = OPTIMIZERS[config.optimizer](
        net.parameters(), config.learning_rate, weight_decay=config.weight_decay, fused=True
    )
    state, start, done = None, 0.0, 0
    for x, y in batches(ids, config):
        logits, state = net(x, state)
        state = detached(state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), config.grad_clip)
        optimizer.step()
        loss.item()
        done += 1
        if done == WARM_UP:
            start = time.perf_counter()
        if done > WARM_UP and time.perf_counter() - start >= seconds:
            break
    return (done - WARM_UP) / (time.perf_counter() - start)


if __name__ == "__main__":
    given, folder, thread_count, duration = sys.argv[1:]
    bare = updates_per_second(
        RunConfig.from_json(json.loads(given)), Path(folder), int(thread_count), float(duration)
    )
    print(json.dumps({"updates_per_second": bare}))
