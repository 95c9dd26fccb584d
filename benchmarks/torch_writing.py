"""The peer of our sampling: torch modules called once a character, in a process of its own.

`python -m benchmarks.torch_writing WEIGHTS` prints characters a second.
"""

from __future__ import annotations

import json
import sys
import time

import torch
from safetensors.torch import load_file
from torch import nn

LENGTH = 3_000


def characters_per_second(weights: str) -> float:
    """Speed of writing with temperature 0.8 on one thread."""
    torch.set_num_threads(1)
    params = load_file(weights)
    vocab_size, embedding_size = params["embedding.weight"].shape
    net = nn.ModuleDict(
        {
            "embedding": nn.Embedding(vocab_size, embedding_size),
            "rnn": nn.LSTM(embedding_size, params["decoder.weight"].shape[1]),
            "decoder": nn.Linear(*reversed(params["decoder.weight"].shape)),
        }
    )
    net.load_state_dict(params)
    net.eval()
    x, state = torch.zeros(1, dtype=torch.long), None
    with torch.inference_mode():
        start = time.perf_counter()
        for _ in range(LENGTH):
            h, state = net["rnn"](net["embedding"](x), state)
            x = torch.multinomial(torch.softmax(net["decoder"](h[0]) / 0.8, -1), 1)
        return LENGTH / (time.perf_counter() - start)


if __name__ == "__main__":
    print(json.dumps({"characters_per_second": characters_per_second(sys.argv[1])}))
