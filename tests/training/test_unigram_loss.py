"""The loss of a prediction that looks at no text."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rnnlab.text.baselines import unigram_loss
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks import make_task


def test_equally_frequent_characters_cost_the_logarithm_of_their_number() -> None:
    assert unigram_loss(np.arange(12) % 4, np.array([3, 1, 2]), 4) == pytest.approx(math.log(4))


def test_it_is_counted_on_the_training_text_and_scored_on_the_other() -> None:
    found = unigram_loss(np.array([0, 0, 0]), np.array([1, 0, 1]), 2)  # counts 4 and 1
    assert found == pytest.approx(-(math.log(4 / 5) + math.log(1 / 5)) / 2)


def test_tiny_shakespeare_has_its_known_unigram_level(library: CorpusLibrary) -> None:
    """3.347 nats on the last tenth, counted on the first nine."""
    corpus = library.load("tiny-shakespeare")
    config = RunConfig(corpus="tiny-shakespeare", validation_share=0.1)
    task = make_task(config, corpus)
    assert task.results({})["unigram_loss"] == pytest.approx(3.347, abs=0.0005)


def test_a_run_tells_it_unless_it_reads_items_or_has_no_validation_part(
    small: RunConfig, prose: Corpus
) -> None:
    assert "unigram_loss" in make_task(small, prose).results({})
    everything = small.replace(train_share=1.0, validation_share=0.0)
    assert make_task(everything, prose).results({}) == {}
