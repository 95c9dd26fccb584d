"""Where a run's text comes from when its corpus is here, has changed, or is gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import corpus_of, source_text
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> CorpusLibrary:
    """A library that has what ships and nothing that must be fetched."""
    return CorpusLibrary(ROOT / "data", tmp_path)


def run_on(tmp_path: Path, corpus: str, symbols: str, **more: str) -> Run:
    run = RunStore(tmp_path / "runs").create(
        RunConfig(corpus=corpus), name="a run", corpus_sha256=more.get("sha256", "")
    )
    (run.folder / "vocabulary.json").write_text(json.dumps(sorted(set(symbols))))
    if "written" in more:
        (run.folder / "written.txt").write_text(more["written"])
    return run


def test_a_corpus_that_is_here_is_the_source(tmp_path: Path, library: CorpusLibrary) -> None:
    play = library.load("play")
    found = source_text(run_on(tmp_path, "play", play.text, sha256=play.sha256), library)
    assert found.is_corpus
    assert (found.text, found.title, found.note) == (play.text, play.title, "")


def test_what_the_network_never_saw_is_left_out_and_counted(
    tmp_path: Path, library: CorpusLibrary
) -> None:
    play = library.load("play").text
    found = source_text(run_on(tmp_path, "play", play.replace("e", "")), library)
    assert found.text == play.replace("e", "")
    assert f"{play.count('e'):,} characters of it were left out" in found.note


def test_another_text_of_the_same_name_is_said(tmp_path: Path, library: CorpusLibrary) -> None:
    found = source_text(run_on(tmp_path, "play", "abc", sha256="0" * 64), library)
    assert "is not the one this run was trained on" in found.note


@pytest.mark.parametrize("known", [True, False])
def test_only_the_text_it_learned_from_is_the_corpus_of_a_run(
    tmp_path: Path, library: CorpusLibrary, known: bool
) -> None:
    play = library.load("play")
    run = run_on(tmp_path, "play", play.text, sha256=play.sha256 if known else "")
    assert corpus_of(run, library).sha256 == play.sha256
    with pytest.raises(CorpusError, match="is not the one that run 'a run' learned from"):
        corpus_of(run_on(tmp_path, "play", "abc", sha256="0" * 64), library)


@pytest.mark.parametrize("corpus", ["tiny-shakespeare", "own-that-was-deleted", "no such name"])
def test_without_its_corpus_the_run_reads_what_it_wrote(
    tmp_path: Path, library: CorpusLibrary, corpus: str
) -> None:
    found = source_text(run_on(tmp_path, corpus, "abc", written="abcabc☃"), library)
    assert not found.is_corpus
    assert found.text == "abcabc"
    assert "is not on this computer, so this is what the run wrote itself" in found.note


def test_with_neither_there_is_a_sentence(tmp_path: Path, library: CorpusLibrary) -> None:
    found = source_text(run_on(tmp_path, "tiny-shakespeare", "abc"), library)
    assert found.text == ""
    assert "type one instead" in found.note


def test_a_run_without_vocabulary_is_refused(tmp_path: Path, library: CorpusLibrary) -> None:
    run = RunStore(tmp_path).create(RunConfig(), name="fresh")
    with pytest.raises(RunError, match="no vocabulary yet"):
        source_text(run, library)
