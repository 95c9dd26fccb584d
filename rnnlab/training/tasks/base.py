"""What every task is: batches, parts of the corpus, sizes, first weights and a last measurement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from rnnlab.network.char_rnn import Params, Sizes
from rnnlab.text.batching import Batch, Batcher
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.split import Part, Split, split_corpus
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.networks import fresh_params


@dataclass(frozen=True)
class TaskSample:
    """Something the network wrote on its own."""

    prime: str  # what it read first
    temperature: float
    text: str  # what it wrote after that


class Task(Protocol):
    """A corpus made ready for a config; made by `tasks.make_task`."""

    @property
    def config(self) -> RunConfig:
        """What it was made for."""
        ...

    @property
    def split(self) -> Split:
        """The corpus in three parts."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """Of what it reads."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """What it chooses between; () for the symbols of the vocabulary."""
        ...

    @property
    def batcher(self) -> Batcher:
        """The batches of the training part."""
        ...

    @property
    def architecture(self) -> Sizes:
        """Kind and sizes of the network."""
        ...

    @property
    def has_test_part(self) -> bool:
        """Whether anything can be predicted in the test part."""
        ...

    def evaluation_batches(self, part: Part) -> Iterator[Batch]:
        """A part as the evaluation of this run reads it; none when it is empty."""
        ...

    def write_sample(self, params: Params, step: int) -> TaskSample | None:
        """Something these weights write, the same for the same seed and step; None if they are not
        finite."""
        ...

    def results(self, params: Params) -> dict[str, Any]:
        """What else is measured when a run has finished, in a few seconds: plain data by name."""
        ...


def first_params(task: Task) -> Params:
    """The weights from which a run of this task starts, the same for the same seed."""
    config = task.config
    rng = np.random.default_rng(config.seed)
    return fresh_params(task.architecture, config.initialization, rng, config.forget_bias)


def split_of(config: RunConfig, corpus: Corpus) -> Split:
    """The training, validation and test part of a run with this config.

    Raises:
        CorpusError: a part would be too small.
    """
    return split_corpus(
        corpus,
        max_characters=config.max_characters,
        train_share=config.train_share,
        validation_share=config.validation_share,
        drop_duplicates=config.drop_duplicates,
        seed=config.seed,
    )
