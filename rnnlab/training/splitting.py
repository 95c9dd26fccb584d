"""How a run divides its corpus."""

from __future__ import annotations

from rnnlab.text.corpus import Corpus
from rnnlab.text.split import Split, split_corpus
from rnnlab.training.config import RunConfig


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
