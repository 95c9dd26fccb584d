"""How good counting characters is on the very text that a network was measured on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnnlab.text.baselines import NgramLadder
from rnnlab.text.batching import ITEM_END
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.split import Part
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks.base import split_of


@dataclass(frozen=True)
class Ladder:
    """Losses of the n-gram models of a corpus, n = 0, 1, …, in nats per character.

    Counted on the training part of a split and scored on the parts that networks are measured
    on: a loss may only be compared with the rungs of the same part.
    """

    validation: tuple[float, ...]  # () without such a part
    test: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data for `ladder.json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> Ladder | None:
        """What `to_json` wrote; None for anything else."""
        if not isinstance(data, dict):
            return None
        validation, test = data.get("validation"), data.get("test")
        if not isinstance(validation, list) or not isinstance(test, list):
            return None
        if not all(isinstance(x, float) and math.isfinite(x) for x in (*validation, *test)):
            return None
        return cls(tuple(validation), tuple(test))


def counted(config: RunConfig, corpus: Corpus, vocabulary: Vocabulary) -> NgramLadder:
    """The n-gram models of the training part of a run."""
    training = split_of(config, corpus).training
    return NgramLadder(list(_sequences(training, config, vocabulary)), len(vocabulary))


def measured(
    models: NgramLadder, config: RunConfig, corpus: Corpus, vocabulary: Vocabulary
) -> Ladder:
    """The losses of n-gram models over the other parts of the run."""
    split = split_of(config, corpus)
    losses = []
    for part in (split.validation, split.test):
        sequences = list(_sequences(part, config, vocabulary))
        losses.append(models.losses(sequences) if any(len(s) > 1 for s in sequences) else ())
    return Ladder(*losses)


def _sequences(part: Part, config: RunConfig, vocabulary: Vocabulary) -> Iterator[np.ndarray]:
    """A part as the evaluation of the run reads it: one text, or items that begin and end with a
    newline."""
    if config.batching == "items" and part.items is not None:
        for item in part.items:
            yield vocabulary.encode(f"{ITEM_END}{item}{ITEM_END}")
    elif part.text:
        yield vocabulary.encode(part.text)
