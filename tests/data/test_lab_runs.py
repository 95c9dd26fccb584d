"""The runs of the labs that ship can be opened, and are what the tables take them for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import LABS
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.evaluation import evaluate
from rnnlab.training.tasks import make_task

FOLDER = Path(__file__).parents[2] / "checkpoints"
STORE = RunStore(FOLDER)
MOST = 30_000_000  # bytes of all of them

every_run = pytest.mark.parametrize("run", STORE.labs(), ids=lambda run: run.id)


def test_all_of_them_can_be_opened() -> None:
    assert not [entry for entry in STORE.broken() if entry[0].startswith("labs/")]
    assert {run.id.rpartition("-")[0].partition("/")[2] for run in STORE.labs()} <= set(EXPERIMENTS)


def test_together_they_are_small() -> None:
    files = (path for path in (FOLDER / "labs").rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) <= MOST


@every_run
def test_each_is_a_run_to_the_end_of_the_experiment_that_it_is_named_after(run: Run) -> None:
    name, _, seed = run.id.partition("/")[2].rpartition("-")
    experiment = EXPERIMENTS[name]
    assert experiment.lab in LABS
    assert experiment.is_made_by(run.config)
    assert run.config.seed == int(seed)
    assert run.status().state == experiment.ends
    assert len(run.snapshots()) <= 1  # of seeds beyond the first, the numbers suffice


def test_the_first_labs_weights_have_the_loss_that_is_told(library: CorpusLibrary) -> None:
    """They ship in half precision, which changes the loss in the fourth digit at most."""
    run = STORE.open("labs/step-by-step-1")
    task = make_task(run.config, library.load(run.config.corpus))
    assert task.vocabulary == run.vocabulary()
    with threadpool_limits(1):  # matrices this small are slower on more threads
        found = evaluate(run.model("last"), task.evaluation_batches(task.split.validation))
    known = run.metrics()["val_loss"]
    assert found.loss == pytest.approx(known[np.isfinite(known)][-1], abs=1e-3)
