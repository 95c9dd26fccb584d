"""What the shipped runs of lab 3 show, as its page says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import reproduced, runs_of
from rnnlab.runs.results import measured
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.evaluation import evaluate
from rnnlab.training.networks import reader
from rnnlab.training.tasks import make_task

SHIPPED = RunStore(Path(__file__).parents[2] / "checkpoints").labs()


def runs(name: str) -> list[Run]:
    found = runs_of(EXPERIMENTS[name], SHIPPED)
    assert found, f"no run of {name} ships"
    return found


def above_frequencies(run: Run) -> float:
    """Validation loss over that of knowing only how frequent characters are."""
    val_loss, unigram_loss = measured(run, "val_loss"), measured(run, "unigram_loss")
    assert val_loss is not None
    assert unigram_loss is not None
    return val_loss - unigram_loss


@pytest.mark.parametrize("name", ["by-hand-stack", "by-hand-parallel-dropout"])
def test_what_stays_at_the_level_of_frequencies(name: str) -> None:
    for run in runs(name):
        assert abs(above_frequencies(run)) < 0.15, run.id


@pytest.mark.parametrize("name", ["by-hand-parallel", "by-hand-one-layer", "by-hand-stack-learns"])
def test_what_learns_more_than_frequencies(name: str) -> None:
    for run in runs(name):
        assert above_frequencies(run) < -0.7, run.id


def test_the_long_run_goes_on_where_the_short_one_ends() -> None:
    (long,), short = runs("by-hand-parallel-50k"), runs("by-hand-parallel")[0]
    losses = {
        run.id: dict(zip(run.metrics()["step"].tolist(), run.metrics()["val_loss"], strict=True))
        for run in (long, short)
    }
    for step in (1_000, 8_000, 15_000):
        assert losses[long.id][step] == pytest.approx(losses[short.id][step], rel=1e-9)
    assert losses[long.id][50_000] < losses[long.id][15_000] - 0.05


def test_first_losses_lie_around_guessing() -> None:
    (first,) = reproduced(EXPERIMENTS["by-hand-first-loss"], SHIPPED)
    assert len(first.values) == 5
    assert first.mean == pytest.approx(33.395, abs=0.005)


def test_shipped_weights_score_what_their_run_says(library: CorpusLibrary) -> None:
    """They are stored in half precision."""
    run = runs("by-hand-stack-learns")[0]
    task = make_task(run.config, library.load(run.config.corpus))
    found = evaluate(reader(run.model("last")), task.evaluation_batches(task.split.validation))
    assert found.loss == pytest.approx(measured(run, "val_loss"), abs=0.002)
