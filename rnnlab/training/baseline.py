"""What a prediction is worth that looks at no text at all."""

from __future__ import annotations

import numpy as np


def unigram_loss(training: np.ndarray, text: np.ndarray, vocab_size: int) -> float:
    """The loss of knowing only how frequent each character is, in nats per character.

    Args:
        training: (N,) ids in which characters are counted, each once more than it occurs, so that
            none is held impossible.
        text: (M,) ids that are predicted, all but the first.
    """
    counts = np.bincount(training, minlength=vocab_size) + 1
    return -float(np.log(counts / counts.sum())[text[1:]].mean())
