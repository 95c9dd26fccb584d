"""Whether a network predicts the same text differently because of the state it starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.windows import state_after
from rnnlab.network.losses import cross_entropy
from rnnlab.network.models import CharRNN
from rnnlab.network.tape import State


@dataclass(frozen=True)
class Habits:
    """The loss on one text from two states, in nats per character."""

    from_zeros: float
    carried: float  # from the state in which another text left the network


def habits(model: CharRNN, read_before: np.ndarray, text: np.ndarray) -> Habits:
    """Predict a text from a state of zeros, and after another text.

    A tanh unit whose weights have grown stays near 1 or −1; a network of such units can have
    several patterns of states that each keep themselves up, and the start decides which.

    Args:
        read_before: (N,) ids that lead to the carried state.
        text: (M,) ids, all but the first predicted.
    """
    carried = state_after(model, read_before)
    return Habits(_loss(model, text, None), _loss(model, text, carried))


def _loss(model: CharRNN, text: np.ndarray, state: State | None) -> float:
    tape = model.forward(text[None, :-1], state)
    return cross_entropy(tape.logits, text[None, 1:])[0]
