"""The text a finished network leaves behind, so that its pages work without the corpus."""

from __future__ import annotations

import time

import numpy as np

from rnnlab.network.models import CharRNN
from rnnlab.network.sampling import sample
from rnnlab.text.vocabulary import Vocabulary

LENGTH = 20_000  # characters
TEMPERATURE = 0.8  # a little more careful than it learned, as people usually read it
_LOOK_AT_CLOCK = 250  # characters


def own_text(
    model: CharRNN, vocabulary: Vocabulary, seconds: float, seed: int, item_end: int | None = None
) -> str:
    """Up to 20,000 characters that the network writes within a time limit.

    It starts as if after a line end, or after the first character it knows.

    Args:
        item_end: see `sample`.
    """
    prime = vocabulary.encode(vocabulary.opening())
    rng = np.random.default_rng(seed)
    end = time.monotonic() + seconds
    ids: list[int] = []
    for choice in sample(model, prime, temperature=TEMPERATURE, rng=rng, item_end=item_end):
        ids.append(choice.id)
        timed_out = len(ids) % _LOOK_AT_CLOCK == 0 and time.monotonic() > end
        if len(ids) == LENGTH or timed_out:
            break
    return vocabulary.decode(ids)
