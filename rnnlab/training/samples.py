"""What a network writes while it learns, to see it get better."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from rnnlab.network.choosing import DivergedModelError
from rnnlab.network.models import CharRNN, Params
from rnnlab.network.sampling import sample
from rnnlab.text.batching import item_end
from rnnlab.training.task import NextCharacter

LENGTH = 200  # characters
TEMPERATURE = 0.8  # a little more careful than it learned, as people usually read it


@dataclass(frozen=True)
class Sample:
    """Something the network wrote on its own."""

    prime: str  # what it read first
    temperature: float
    text: str  # what it wrote after that


def write_sample(task: NextCharacter, params: Params, step: int) -> Sample | None:
    """What these weights write; the same for the same seed and step. None if they are not finite.

    A network that learned single items writes item after item, each from a zero state.
    """
    model = CharRNN(task.architecture, params)
    rng = np.random.default_rng((task.config.seed, step))
    prime = task.vocabulary.opening()
    end = item_end(task.config.batching, task.vocabulary)
    ids = task.vocabulary.encode(prime)
    try:
        choices = sample(model, ids, temperature=TEMPERATURE, rng=rng, item_end=end)
        written = [choice.id for choice in itertools.islice(choices, LENGTH)]
    except DivergedModelError:
        return None
    return Sample(prime, TEMPERATURE, task.vocabulary.decode(written))
