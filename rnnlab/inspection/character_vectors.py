"""What a network makes of each character before anything is remembered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.models import Params


@dataclass(frozen=True)
class CharacterVectors:
    """One row of numbers a character, as the recurrent layer receives it."""

    rows: np.ndarray  # (V, D), or (V, blocks · H) for one-hot
    is_embedding: bool  # a learned embedding; else what the one-hot vector picks from W_ih


def character_vectors(params: Params) -> CharacterVectors:
    """The vector that stands for each character in these parameters.

    With an embedding, its row. Without one, the one-hot vector picks a column of the first
    layer's input weights, which then plays the same part.
    """
    if "embedding.weight" in params:
        return CharacterVectors(params["embedding.weight"], is_embedding=True)
    return CharacterVectors(params["rnn.weight_ih_l0"].T, is_embedding=False)


def fresh_vectors(vocab_size: int, embedding_size: int, seed: int = 1) -> CharacterVectors:
    """An embedding that has learned nothing: (V, D) standard normal, as training begins with."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((vocab_size, embedding_size)).astype(np.float32)
    return CharacterVectors(rows, is_embedding=True)
