"""The runs that ship are what they are said to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnlab.inspection.ngram_ladder import counted, measured
from rnnlab.runs.run import Run
from rnnlab.runs.status import parse_status
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.evaluation import evaluate
from rnnlab.training.tasks import make_task

ROOT = Path(__file__).parents[2]
STORE = RunStore(ROOT / "checkpoints")
FILES = {
    *("config.json", "request.json", "status.json", "vocabulary.json", "written.txt"),
    *("metrics.jsonl", "samples.jsonl", "events.jsonl", "ladder.json", "finding.json", "weights"),
}

gallery = pytest.mark.parametrize("run", STORE.gallery(), ids=lambda run: run.id)


def val_loss(run: Run, library: CorpusLibrary) -> float:
    """Measured anew, with the weights that ship."""
    task = make_task(run.config, library.load(run.config.corpus))
    assert task.vocabulary == run.vocabulary()
    return evaluate(run.model("last"), task.evaluation_batches(task.split.validation)).loss


def test_there_are_three_cells_on_shakespeare_and_one_each_on_the_play_and_on_sherlock() -> None:
    found = {(run.config.corpus, run.config.cell) for run in STORE.gallery()}
    shakespeare = {("tiny-shakespeare", cell) for cell in ("rnn_tanh", "lstm", "gru")}
    assert shakespeare < found
    assert found - shakespeare == {("play", "lstm"), ("sherlock", "lstm")}
    assert not [entry for entry in STORE.broken() if entry[0].startswith("gallery/")]


def test_all_together_take_at_most_20_megabytes() -> None:
    files = [path for path in (ROOT / "checkpoints" / "gallery").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 20_000_000


@gallery
def test_a_run_is_finished_and_has_all_there_is_to_see(run: Run) -> None:
    assert {path.name for path in run.folder.iterdir()} <= FILES
    assert run.read_only
    assert run.status().state == "finished"
    assert run.config.hidden_size <= 128
    assert len(run.snapshots()) >= 12
    assert run.snapshots()[0] == 0
    assert len(run.samples()) >= 5
    assert len(run.written()) >= 5_000
    metrics = run.metrics()
    assert metrics["step"][-1] == run.status().step == run.snapshots()[-1]
    assert np.isfinite(metrics["val_loss"]).sum() >= 5
    for snapshot in (*run.snapshots(), "best", "last"):
        assert all(np.isfinite(value).all() for value in run.weights(snapshot).values())


@gallery
def test_nothing_tells_of_the_computer_it_was_trained_on(run: Run) -> None:
    written = parse_status(run._status.value())
    assert (written.host, written.pid) == ("", None)


@gallery
def test_its_weights_have_the_loss_that_it_shows(run: Run, request: pytest.FixtureRequest) -> None:
    is_here = run.config.corpus == "play"
    library = CorpusLibrary(ROOT / "data") if is_here else request.getfixturevalue("library")
    assert val_loss(run, library) == pytest.approx(run.status().val_loss, abs=1e-4)


@gallery
def test_the_ladder_that_ships_is_that_of_its_text(run: Run, library: CorpusLibrary) -> None:
    corpus, vocabulary = library.load(run.config.corpus), run.vocabulary()
    shipped = run.ladder()
    assert shipped is not None
    found = measured(counted(run.config, corpus, vocabulary), run.config, corpus, vocabulary)
    assert shipped.validation == pytest.approx(found.validation)
    assert shipped.test == pytest.approx(found.test)
