"""Losses by epoch, and the text a run did not learn from."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.results import epoch_losses
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import MAX_HELD_OUT_CHARACTERS, held_out
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig


@pytest.fixture
def library() -> CorpusLibrary:
    return CorpusLibrary(Path(__file__).parents[2] / "data")


def run_on_the_play(root: Path, library: CorpusLibrary, **changes: object) -> Run:
    corpus = library.load("play")
    config = RunConfig(corpus="play").replace(**changes)
    run = RunStore(root).create(config, name="a run", corpus_sha256=corpus.sha256)
    replace_json(run.folder / "vocabulary.json", Vocabulary.from_text(corpus.text).to_json())
    return run


def test_losses_are_those_of_the_ends_of_epochs(tmp_path: Path, library: CorpusLibrary) -> None:
    run = run_on_the_play(tmp_path, library)
    for step_, epoch, validation in ((1, None, 9.0), (2, 2.5, 2.2), (3, None, None), (4, 2.0, 2.1)):
        line = {"step": step_, "train_loss": 3.0, "epoch_loss": epoch, "val_loss": validation}
        append_line(run.folder / "metrics.jsonl", line)
    append_line(run.folder / "metrics.jsonl", {"step": 5, "test_loss": 2.15})
    found = epoch_losses(run)
    assert found.training == (2.5, 2.0)
    assert found.validation == (2.2, 2.1)
    assert found.test == 2.15


def test_without_validation_there_are_none(tmp_path: Path, library: CorpusLibrary) -> None:
    run = run_on_the_play(tmp_path, library)
    append_line(run.folder / "metrics.jsonl", {"step": 1, "epoch_loss": 2.5})
    assert epoch_losses(run).validation == ()
    assert epoch_losses(run).test is None


def test_held_out_text_begins_where_training_ended(tmp_path: Path, library: CorpusLibrary) -> None:
    run = run_on_the_play(tmp_path, library, train_share=0.5, validation_share=0.4)
    text = library.load("play").text
    found = held_out(run, library)
    assert found is not None
    begin, end = int(0.5 * len(text)), int(0.5 * len(text)) + int(0.4 * len(text))
    assert found.text == text[begin:end][:MAX_HELD_OUT_CHARACTERS]
    assert found.title == f"the validation part of {library.load('play').title}"


@pytest.mark.parametrize("changes", [{"corpus": "own-gone"}, {"validation_share": 0.0}])
def test_where_nothing_was_held_out_there_is_no_text(
    tmp_path: Path, library: CorpusLibrary, changes: dict[str, object]
) -> None:
    assert held_out(run_on_the_play(tmp_path, library, **changes), library) is None


def test_another_text_of_the_same_name_is_not_the_one(
    tmp_path: Path, library: CorpusLibrary
) -> None:
    run = run_on_the_play(tmp_path, library)
    other = RunStore(tmp_path).create(run.config, name="another", corpus_sha256="0" * 64)
    replace_json(other.folder / "vocabulary.json", run.vocabulary().to_json())
    assert held_out(other, library) is None
