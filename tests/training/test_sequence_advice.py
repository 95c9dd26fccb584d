"""Each piece of advice is given when it applies, and only then; presets provoke each of them."""

from __future__ import annotations

import pytest

from rnnlab.experiments.shakespeare import (
    ADVICE,
    AMOUNTS,
    BASE,
    EXPLODES,
    HOLMES,
    REMEDIES,
    of_amount,
)
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig
from rnnlab.training.divergence import Diverged
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.loop import Controls, train
from rnnlab.training.pacing import Stopwatch
from rnnlab.training.planning import advice
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from tests.conftest import ROOT


def names(config: RunConfig, diverged: bool = False) -> list[str]:
    """Which advice is given."""
    return [one.name for one in advice(config, diverged=diverged)]


def test_no_advice_for_our_own_settings() -> None:
    for experiment in HOLMES:
        assert names(experiment.config) == []


def test_each_preset_provokes_its_advice() -> None:
    by_name = {experiment.name: names(experiment.config) for experiment in ADVICE}
    assert by_name == {
        "holmes-long-tanh": ["long"],
        "holmes-long-relu": [],
        "holmes-deep": ["deep"],
    }
    assert names(EXPLODES, diverged=True) == ["nan"]


def test_the_numbers_in_the_advice_are_those_of_the_run() -> None:
    (told,) = advice(EXPLODES, diverged=True)
    assert "0.05 instead of 0.5" in told.sentence
    assert "25 instead of 100" in told.sentence


def test_the_amounts_are_those_of_the_assignment() -> None:
    assert [of_amount(amount, BASE).max_characters for amount in AMOUNTS] == [10_000, 100_000, 0]


def last_loss(config: RunConfig) -> float:
    """Trains 60 updates on our play with the NumPy engine; Diverged if it explodes."""
    config = config.replace(budget=60, engine="numpy", threads=1)
    task = make_task(config, CorpusLibrary(ROOT / "data").load(config.corpus))
    engine = make_engine(config, task.architecture, first_params(task))
    for measurement in train(task, engine, config, Controls(), Stopwatch()):
        last = measurement
    assert last.train_loss is not None
    return last.train_loss


def test_the_net_that_explodes_does_explode() -> None:
    with pytest.raises(Diverged):
        last_loss(EXPLODES)


@pytest.mark.parametrize("experiment", REMEDIES, ids=lambda experiment: experiment.name)
def test_each_remedy_keeps_it_from_exploding(experiment) -> None:  # noqa: ANN001
    assert last_loss(experiment.config) < 4.2  # better than guessing among its 66 characters
