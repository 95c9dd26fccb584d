"""The loss as the first character RNNs in NumPy showed it: smoothed over about 1,000 updates."""

from __future__ import annotations

import math

import numpy as np

KEPT = 0.999  # of the smoothed loss, at each update


def smoothed_loss(
    steps: np.ndarray, losses: np.ndarray, vocab_size: int, seq_length: int
) -> np.ndarray:
    """0.999 · before + 0.001 · loss of an update, from −ln(1/V) · T on; nats per sequence.

    A loss that is the mean of n updates counts n times. What is no number is passed over.

    Args:
        steps: (N,) updates behind each measurement, rising.
        losses: (N,) mean loss since the measurement before, in nats per character.
        vocab_size: V; seq_length: T.
    Returns:
        (N,) nats per sequence of T characters, at each measurement.
    Source: Karpathy 2015, min-char-rnn.
    """
    smooth = -math.log(1 / vocab_size) * seq_length
    updates = np.diff(steps, prepend=0)
    found = []
    for n, loss in zip(updates.tolist(), losses.tolist(), strict=True):
        if math.isfinite(loss):
            kept = KEPT**n
            smooth = kept * smooth + (1 - kept) * loss * seq_length
        found.append(smooth)
    return np.array(found)
