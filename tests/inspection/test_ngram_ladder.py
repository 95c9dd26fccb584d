"""The ladder of a run: counted where it learned, scored where it was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlab.inspection.ngram_ladder import Ladder, counted, measured
from rnnlab.text.baselines import NgramLadder
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig

ROOT = Path(__file__).parent.parent.parent
CONFIG = RunConfig(corpus="play", train_share=0.8, validation_share=0.15)


@pytest.fixture
def play() -> Corpus:
    return CorpusLibrary(ROOT / "data").load("play")


def test_parts_are_those_of_the_run(play: Corpus) -> None:
    vocabulary = Vocabulary.from_text(play.text)
    found = measured(counted(CONFIG, play, vocabulary), CONFIG, play, vocabulary)
    ids = vocabulary.encode(play.text)
    a, b = round(len(ids) * 0.8), round(len(ids) * 0.95)
    models = NgramLadder([ids[:a]], len(vocabulary))
    assert found.validation == pytest.approx(models.losses([ids[a:b]]), abs=1e-3)
    assert found.test == pytest.approx(models.losses([ids[b:]]), abs=1e-3)


def test_a_part_that_is_missing_has_no_ladder(play: Corpus) -> None:
    config = CONFIG.replace(train_share=1.0, validation_share=0.0)
    vocabulary = Vocabulary.from_text(play.text)
    found = measured(counted(config, play, vocabulary), config, play, vocabulary)
    assert found == Ladder((), ())


def test_items_are_read_from_their_beginning() -> None:
    corpus = CorpusLibrary(ROOT / "data").load("dinosaurs")
    config = CONFIG.replace(corpus="dinosaurs", batching="items")
    vocabulary = Vocabulary.from_text(corpus.text)
    found = measured(counted(config, corpus, vocabulary), config, corpus, vocabulary)
    assert min(found.validation) < found.validation[1] < found.validation[0]


def test_what_is_stored_comes_back() -> None:
    ladder = Ladder((4.0, 3.0), ())
    assert Ladder.from_json({"validation": [4.0, 3.0], "test": []}) == ladder


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"validation": [1.0]},
        {"validation": [1.0], "test": ["x"]},
        {"validation": [float("nan")], "test": []},
        {"validation": 3, "test": []},
    ],
)
def test_anything_else_is_no_ladder(data: object) -> None:
    assert Ladder.from_json(data) is None
