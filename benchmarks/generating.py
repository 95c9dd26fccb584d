"""How fast a network writes."""

from __future__ import annotations

import itertools
import json
import statistics
import subprocess
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.lab import job_manager, train
from benchmarks.row import Row
from rnnlab.experiments.presets import PRESETS
from rnnlab.folders import PROJECT
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.sampling import sample

LENGTH = 20_000  # characters a round
ROUNDS = 5


def generate_lstm_256() -> Row:
    """Characters a second of a trained LSTM of 256 units, one layer, temperature 0.8, one core."""
    config = PRESETS["quick-lstm"].config.replace(
        corpus="play", hidden_size=256, num_layers=1, budget=10.0, budget_unit="seconds"
    )
    with job_manager() as jobs:
        run = train(jobs, config)
        model, prime = run.model("last"), run.vocabulary().encode("MARA: ")
        weights = run.folder / "weights" / "last.safetensors"
        ours, peers = [], []
        for _ in range(ROUNDS):
            ours.append(_speed(model, prime))
            peers.append(_torch_speed(str(weights)))
    return Row(
        "generate/lstm-256",
        statistics.median(ours),
        "characters/s",
        "torch.nn.LSTM, one character a call",
        statistics.median(peers),
        {"rounds": ours, "peer_rounds": peers, "limit": 20_000},
    )


def _speed(model: CharRNN, prime: np.ndarray) -> float:
    with threadpool_limits(1):
        choices = sample(model, prime, temperature=0.8, rng=np.random.default_rng(1))
        next(choices)
        start = time.perf_counter()
        for _ in itertools.islice(choices, LENGTH):
            pass
        return LENGTH / (time.perf_counter() - start)


def _torch_speed(weights: str) -> float:
    command = [sys.executable, "-m", "benchmarks.torch_writing", weights]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["characters_per_second"]
