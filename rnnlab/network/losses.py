"""How wrong the predictions are, in nats per character, and in the units others use."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

Loss = TypeVar("Loss", float, np.ndarray)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Logarithms of the probabilities, (…, V)."""
    shifted = logits - logits.max(axis=-1, keepdims=True)  # the largest is 0: exp cannot overflow
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_probability(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """ln p of one character at each place, (…), from logits (…, V) and ids (…)."""
    return np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities, (…, V), that sum to 1."""
    return np.exp(log_softmax(logits))


def cross_entropy(
    logits: np.ndarray,
    targets: np.ndarray,
    mask: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> tuple[float, np.ndarray]:
    """The mean of −ln p[target], and its derivative by the logits.

    Args:
        logits: (B, T, V).
        targets: (B, T) ids of the characters that really came next.
        mask: (B, T) bool, the targets that count; None counts all. If none counts, the loss is 0.
        weights: (B, T) factors of the losses; the mean is still over the number of targets.
    Returns:
        loss in nats per counted character, dlogits (B, T, V).
    """
    counts = np.ones(targets.shape, bool) if mask is None else mask
    share = counts / max(counts.sum(), 1)  # (B, T) weight of each target
    share = (share if weights is None else share * weights).astype(logits.dtype)
    log_p = log_softmax(logits)
    target = targets[..., None]
    log_p_target = np.take_along_axis(log_p, target, axis=-1)[..., 0]  # (B, T)
    dlogits = np.exp(log_p)
    np.put_along_axis(dlogits, target, np.take_along_axis(dlogits, target, -1) - 1, axis=-1)
    return -float(np.sum(log_p_target * share, dtype=np.float64)), dlogits * share[..., None]


def bits_per_character(loss: Loss) -> Loss:
    """A loss in nats as bits: yes-no questions per character."""
    return loss / math.log(2)


def perplexity(loss: Loss) -> Loss:
    """e^loss: among how many equally likely characters the network is as good as guessing."""
    with np.errstate(over="ignore"):  # a diverged loss has infinite perplexity
        return np.exp(loss)
