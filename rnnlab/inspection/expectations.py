"""What a network expected at each place of a text, beside what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.network.choosing import likeliest
from rnnlab.network.losses import softmax
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State
from rnnlab.text.vocabulary import Vocabulary

_MOST = 3


@dataclass(frozen=True)
class Expectations:
    """One row a prediction, T of them."""

    chances: np.ndarray  # (T,) probability of the character that came
    likeliest: tuple[str, ...]  # T texts of K characters, the likeliest first
    shares: np.ndarray  # (T, K) their probabilities


def expectations(
    model: CharRNN,
    vocabulary: Vocabulary,
    ids: np.ndarray,
    targets: np.ndarray,
    state: State | None = None,
) -> Expectations:
    """Read (T,) characters and note what was expected next, for at most three characters each."""
    chances = softmax(model.forward(ids[None], state).logits[0])  # (T, V)
    order = likeliest(chances, _MOST)
    return Expectations(
        np.take_along_axis(chances, targets[:, None], axis=1)[:, 0],
        tuple(vocabulary.decode(row) for row in order),
        np.take_along_axis(chances, order, axis=1),
    )
