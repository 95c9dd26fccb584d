"""A corpus made ready for a config."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params


def test_sizes_come_from_config_and_text(small: RunConfig, prose: Corpus) -> None:
    task = make_task(small, prose)
    assert len(task.vocabulary) == task.architecture.vocab_size == len(set(prose.text))
    assert len(task.split.training.text) == 5400
    assert {n: p.shape for n, p in first_params(task).items()} == task.architecture.shapes()
    assert task.batcher.batch(0).inputs.shape == (small.batch_size, small.seq_length)


def test_the_seed_decides_the_weights(small: RunConfig, prose: Corpus) -> None:
    first, again, other = (first_params(make_task(small.replace(seed=s), prose)) for s in (1, 1, 2))
    name = "rnn.weight_hh_l0"
    np.testing.assert_array_equal(first[name], again[name])
    assert not np.array_equal(first[name], other[name])


def test_the_vocabulary_is_that_of_the_text_in_use(small: RunConfig, prose: Corpus) -> None:
    late = Corpus("late", "Late", prose.text + "é", None, "made up", "CC0")
    assert "é" in make_task(small, late).vocabulary.symbols
    assert "é" not in make_task(small.replace(max_characters=6000), late).vocabulary.symbols


def test_without_a_rest_there_is_no_test_part(small: RunConfig, prose: Corpus) -> None:
    assert make_task(small, prose).has_test_part
    assert not make_task(small.replace(validation_share=0.1), prose).has_test_part


def test_what_does_not_fit_is_refused_with_a_sentence(small: RunConfig, prose: Corpus) -> None:
    with pytest.raises(CorpusError, match="lower the batch size or the sequence length"):
        make_task(small.replace(batch_size=500), prose)
    with pytest.raises(CorpusError, match="need a list with one item a line"):
        make_task(small.replace(batching="items"), prose)
