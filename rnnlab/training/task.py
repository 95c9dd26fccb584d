"""What a run learns from: a corpus made ready for a config."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnlab.network.initialization import initial_params
from rnnlab.network.models import Architecture, Params
from rnnlab.text.batching import Batch, make_batcher
from rnnlab.text.corpus import Corpus
from rnnlab.text.split import Part, split_corpus
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.evaluation import evaluation_batches


class NextCharacter:
    """Predicting the next character: vocabulary, split, batches and the network's sizes.

    The vocabulary is that of all the text in use, so that every part can be read.

    Raises:
        CorpusError: the corpus is too small for the config, or of the wrong kind.
    """

    def __init__(self, config: RunConfig, corpus: Corpus) -> None:
        self.config = config
        self.split = split_corpus(
            corpus,
            max_characters=config.max_characters,
            train_share=config.train_share,
            validation_share=config.validation_share,
            drop_duplicates=config.drop_duplicates,
            seed=config.seed,
        )
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
        self.architecture = Architecture(
            config.cell,
            len(self.vocabulary),
            config.embedding_size,
            config.hidden_size,
            config.num_layers,
        )

    @property
    def has_test_part(self) -> bool:
        """Whether anything can be predicted in the test part."""
        return len(self.split.test.text) > 1

    def initial_params(self) -> Params:
        """Fresh weights, the same for the same seed."""
        rng = np.random.default_rng(self.config.seed)
        scheme, forget_bias = self.config.initialization, self.config.forget_bias
        return initial_params(self.architecture, scheme, rng, forget_bias)

    def evaluation_batches(self, part: Part) -> Iterator[Batch]:
        """A part as the evaluation of this run reads it."""
        return evaluation_batches(part, self.vocabulary, self.config.batching)


TASKS = {"next-character": NextCharacter}


def prepare(config: RunConfig, corpus: Corpus) -> NextCharacter:
    """The task of a config on a corpus; CorpusError when they do not fit."""
    return TASKS[config.task](config, corpus)
