"""What the shipped runs of names and languages are said to show."""

from __future__ import annotations

from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import advantage, by_key
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.tasks import make_task

STORE = RunStore(Path(__file__).parents[2] / "checkpoints")


@pytest.mark.parametrize("score", ["accuracy", "macro_f1"])
def test_the_best_model_beats_naive_bayes_by_three_spreads(score: str) -> None:
    found = by_key(EXPERIMENTS["language-best"], STORE.labs())
    one = advantage(found, f"together_{score}", f"bayes_{score}")
    assert one is not None
    assert len(found[f"bayes_{score}"].values) >= 3
    assert one.spreads >= 3


@pytest.mark.parametrize("name", ["language-best", "language-one-way", "language-window"])
def test_shipped_weights_have_the_accuracy_that_is_told(library: CorpusLibrary, name: str) -> None:
    """Half precision changes the answer to a few of 3,590 names at most."""
    run = STORE.open(f"labs/{name}-1")
    task = make_task(run.config, library.load(run.config.corpus))
    with threadpool_limits(1):
        probabilities = task.class_probabilities(run.weights("last"), task.split.test.items)
    guesses = [task.labels[k] for k in probabilities.argmax(axis=1)]
    hits = sum(a == b for a, b in zip(guesses, task.split.test.labels, strict=True))
    assert 100 * hits / len(guesses) == pytest.approx(run.results()["accuracy"], abs=0.1)


def test_with_as_many_parameters_a_hidden_state_predicts_better() -> None:
    window, rnn = (by_key(EXPERIMENTS[f"next-{n}"], STORE.labs()) for n in ("window", "rnn"))
    assert rnn["parameters"].mean == pytest.approx(window["parameters"].mean, rel=0.01)
    assert rnn["test_loss"].mean < window["test_loss"].mean
    one_way, state_free = (
        by_key(EXPERIMENTS[f"language-{n}"], STORE.labs()) for n in ("one-way", "window")
    )
    assert one_way["parameters"].mean == pytest.approx(state_free["parameters"].mean, rel=0.01)
    assert one_way["accuracy"].mean > state_free["accuracy"].mean
