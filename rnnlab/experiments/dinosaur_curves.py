"""The training loss of Lab 2 epoch by epoch, beside what the source's notebooks print."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import runs_of
from rnnlab.runs.run import Run

EVERY = 4  # epochs between two printed losses
PRINTED = {  # after epochs 4, 8, … 40
    "dino-scratch": (
        *(2.1329, 2.0648, 2.0578, 2.0254, 2.0180),
        *(2.0031, 2.0081, 2.0010, 1.9950, 2.0035),
    ),
    "dino-rnn": (
        *(2.1505, 2.0623, 2.0095, 1.9609, 1.9335),
        *(1.9139, 1.9014, 1.8649, 1.8576, 1.8402),
    ),
    "dino-lstm": (
        *(2.1718, 2.0273, 1.9786, 1.9169, 1.8676),
        *(1.8471, 1.7983, 1.7757, 1.7394, 1.7210),
    ),
    "dino-gru": (
        *(2.1235, 2.0096, 1.9452, 1.8956, 1.8598),
        *(1.8279, 1.8015, 1.7612, 1.7366, 1.7133),
    ),
}


def epoch_losses(name: str, runs: Iterable[Run]) -> np.ndarray:
    """The training loss of each epoch, mean over the runs of an experiment; empty without any."""
    found = []
    for run in runs_of(EXPERIMENTS[name], runs):
        losses = run.metrics()["epoch_loss"]
        found.append(losses[np.isfinite(losses)])
    if not found:
        return np.empty(0)
    length = min(map(len, found))
    return np.mean([losses[:length] for losses in found], axis=0)
