"""Predicting the next character of a text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Architecture, CharRNN, Params
from rnnlab.network.kinds.minimal import MinimalSizes, as_char_rnn
from rnnlab.network.sampling import sample
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.baselines import unigram_loss
from rnnlab.text.batching import Batch, item_end, make_batcher
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.split import Part
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.evaluation import evaluation_batches
from rnnlab.training.networks import architecture_of
from rnnlab.training.tasks.base import TaskSample, split_of

LENGTH = 200  # characters
TEMPERATURE = 0.8  # a little more careful than it learned, as people usually read it


class NextCharacter:
    """Vocabulary, split, batches and the network's sizes.

    The vocabulary is that of all the text in use, so that every part can be read.

    Raises:
        CorpusError: the corpus is too small for the config, or of the wrong kind.
    """

    labels: tuple[str, ...] = ()

    def __init__(self, config: RunConfig, corpus: Corpus) -> None:
        self.config = config
        self.split = split_of(config, corpus)
        parts = (self.split.training, self.split.validation, self.split.test)
        line_end = "\n" if config.batching == "items" else ""
        self.vocabulary = Vocabulary.from_text("".join(part.text for part in parts) + line_end)
        self.batcher = make_batcher(
            self.split.training,
            self.vocabulary,
            batching=config.batching,
            seq_length=config.seq_length,
            batch_size=config.batch_size,
            stride=config.stride,
            seed=config.seed,
        )
        self.architecture = architecture_of(config, len(self.vocabulary))

    @property
    def has_test_part(self) -> bool:
        """Whether anything can be predicted in the test part."""
        return len(self.split.test.text) > 1

    def evaluation_batches(self, part: Part) -> Iterator[Batch]:
        """A part as the evaluation of this run reads it."""
        return evaluation_batches(part, self.vocabulary, self.config)

    def write_sample(self, params: Params, step: int) -> TaskSample | None:
        """What these weights write; the same for the same seed and step. None if they are not
        finite.

        A network that learned single items writes item after item, each from a zero state.
        """
        model, temperature = self._writer(params)
        if model is None:
            return None
        rng = np.random.default_rng((self.config.seed, step))
        prime = self.vocabulary.opening()
        end = item_end(self.config.batching, self.vocabulary)
        ids = self.vocabulary.encode(prime)
        try:
            choices = sample(model, ids, temperature=temperature, rng=rng, item_end=end)
            written = [choice.id for choice in itertools.islice(choices, LENGTH)]
        except DivergedModelError:
            return None
        return TaskSample(prime, temperature, self.vocabulary.decode(written))

    def _writer(self, params: Params) -> tuple[CharRNN | None, float]:
        """What writes, and how boldly; only networks of recurrent layers have a way to."""
        if isinstance(self.architecture, MinimalSizes):
            return as_char_rnn(self.architecture, params), 1.0  # as likely as it says, as published
        if isinstance(self.architecture, Architecture):
            return CharRNN(self.architecture, params), TEMPERATURE
        return None, TEMPERATURE

    def results(self, params: Params) -> dict[str, Any]:
        """What is scored by knowing only how frequent each character of a running text is."""
        validation = self.vocabulary.encode(self.split.validation.text)
        if self.split.validation.items is not None or len(validation) < 2:
            return {}
        training = self.vocabulary.encode(self.split.training.text)
        return {"unigram_loss": unigram_loss(training, validation, len(self.vocabulary))}
