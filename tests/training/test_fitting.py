"""A batch that fits a short text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rnnlab.text.corpora.corpus import Corpus, joined
from rnnlab.training.config import RunConfig
from rnnlab.training.planning import fitting
from rnnlab.training.tasks import make_task

BATCHINGS = ["streams", "shifted", "windows", "random"]


def beginning(prose: Corpus, characters: int) -> Corpus:
    return replace(prose, text=prose.text[:characters])


@pytest.mark.parametrize("batching", BATCHINGS)
@pytest.mark.parametrize("characters", [300, 700, 2000, 2300])
def test_a_short_text_gets_ten_updates_an_epoch(
    prose: Corpus, characters: int, batching: str
) -> None:
    text = beginning(prose, characters)
    config = RunConfig(corpus="words", batching=batching, batch_size=128, seq_length=256)
    found = fitting(config, text)
    assert found is not None
    assert found == config.replace(batch_size=found.batch_size, seq_length=found.seq_length)
    task = make_task(found, text)
    assert task.batcher.characters_per_update <= 0.1 * len(task.split.training.text)


def test_the_usual_batch_becomes_one_of_four_rows_for_two_pages(prose: Corpus) -> None:
    found = fitting(RunConfig(corpus="words"), beginning(prose, 2000))
    assert found is not None
    assert (found.batch_size, found.seq_length) == (4, 32)


@pytest.mark.parametrize("batching", BATCHINGS)
def test_the_largest_batch_of_that_form_is_taken(prose: Corpus, batching: str) -> None:
    """Twice the rows, or twice the length, would read more than a tenth."""
    text = beginning(prose, 1500)
    config = RunConfig(corpus="words", batching=batching, batch_size=128, seq_length=256)
    found = fitting(config, text)
    assert found is not None
    assert 2 * found.batch_size * found.seq_length > 0.1 * 0.9 * 1500


def test_a_run_that_can_be_trained_stays_as_it_is(small: RunConfig, prose: Corpus) -> None:
    assert fitting(small, prose) is None


def test_a_few_items_get_fewer_rows(names: Corpus) -> None:
    items = (names.items or ())[:30]
    few = replace(names, text=joined(items), items=items)
    config = RunConfig(corpus="names", batching="items", batch_size=64, seq_length=64)
    found = fitting(config, few)
    assert found is not None
    assert (found.batch_size, found.seq_length) == (2, 64)


def test_where_no_batch_helps_there_is_none(prose: Corpus) -> None:
    assert fitting(RunConfig(corpus="words"), beginning(prose, 3)) is None
    as_items = RunConfig(corpus="words", batching="items", batch_size=8)
    assert fitting(as_items, prose) is None
