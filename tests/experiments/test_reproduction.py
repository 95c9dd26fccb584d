"""Ours beside what was published: read from runs, empty without them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import LABS, Experiment, Measure
from rnnlab.experiments.presets import PRESETS
from rnnlab.experiments.reproduction import Reproduced, ours_text, reproduced, runs_of
from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig

CONFIG = RunConfig(corpus="dinosaurs", hidden_size=8)
EXPERIMENT = Experiment(
    name="small",
    lab="dinosaurs",
    title="Small",
    question="How small?",
    source="nobody",
    config=CONFIG,
    seeds=(1, 2, 3),
    measures=(
        Measure("test_loss", "Test loss", "nats per character", published=1.5),
        Measure("share_new", "New names", "%", digits=1),
    ),
    differs=(),
    look_for="nothing",
)


def finished(store: RunStore, config: RunConfig, test_loss: float, state: str = "finished") -> Run:
    """A run that says of itself that it ended so."""
    run = store.create(config, name="one")
    append_line(run.folder / "metrics.jsonl", {"step": 5, "test_loss": test_loss})
    replace_json(run.folder / "status.json", {"state": state})
    replace_json(run.folder / "results.json", {"share_new": 10 * test_loss, "nonsense": "x"})
    return run


def test_without_runs_every_cell_is_empty(tmp_path: Path) -> None:
    for found in reproduced(EXPERIMENT, RunStore(tmp_path).runs()):
        assert found.values == {}
        assert found.mean is found.spread is found.percentile is None
        assert ours_text(found) == ""


def test_numbers_come_from_the_latest_finished_run_of_each_seed(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    finished(store, CONFIG, 9.0)
    first = finished(store, CONFIG, 1.0)
    second = finished(store, CONFIG.replace(seed=2, device="cpu", threads=1), 2.0)
    finished(store, CONFIG.replace(hidden_size=9), 7.0)
    finished(store, CONFIG.replace(seed=3), 8.0, state="stopped")
    loss, share = reproduced(EXPERIMENT, store.runs())
    assert loss.values == {first.id: 1.0, second.id: 2.0}
    assert share.values == {first.id: 10.0, second.id: 20.0}
    assert loss.mean == 1.5
    assert loss.spread == pytest.approx(0.5**0.5)
    assert loss.percentile == 50
    assert ours_text(share) == "15.0 ± 7.1"
    assert [run.config.seed for run in runs_of(EXPERIMENT, store.runs())] == [1, 2]


def test_a_run_that_did_not_measure_a_thing_counts_nowhere(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = finished(store, CONFIG, float("nan"))
    replace_json(run.folder / "results.json", {"share_new": "many"})
    assert [found.values for found in reproduced(EXPERIMENT, store.runs())] == [{}, {}]


def test_an_experiment_that_explodes_counts_what_exploded(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    explodes = dataclasses.replace(EXPERIMENT, ends="failed")
    finished(store, CONFIG, 1.0)
    failed = finished(store, CONFIG.replace(seed=2), 2.0, state="failed")
    assert [run.id for run in runs_of(explodes, store.runs())] == [failed.id]


def test_of_times_the_least_counts() -> None:
    measure = Measure("seconds", "Time", "seconds", digits=0, least=True)
    assert ours_text(Reproduced(measure, {"a": 90.0, "b": 60.0})) == "60"
    assert ours_text(Reproduced(measure, {})) == ""


def test_what_does_not_vary_has_no_percentile() -> None:
    measure = Measure("parameters", "Parameters", "", published=5.0)
    assert Reproduced(measure, {"a": 5.0, "b": 5.0}).percentile is None


def test_each_question_is_about_one_of_its_measures() -> None:
    for experiment in EXPERIMENTS.values():
        assert experiment.asked in experiment.measures
        assert not experiment.asks or experiment.asked.key == experiment.asks


def test_one_run_has_no_spread() -> None:
    found = Reproduced(EXPERIMENT.measures[0], {"a": 1.25})
    assert found.spread is None
    assert ours_text(found) == "1.250"


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_experiment_says_what_it_must(experiment: Experiment) -> None:
    assert EXPERIMENTS[experiment.name] is experiment
    assert experiment.name not in PRESETS
    assert experiment.lab in LABS
    assert experiment.config.seed == experiment.seeds[0]
    assert len({measure.key for measure in experiment.measures}) == len(experiment.measures)
    for field in ("title", "question", "source", "look_for"):
        assert getattr(experiment, field)
    assert experiment.is_made_by(dataclasses.replace(experiment.config, seed=77))
    if experiment.quick:
        assert not experiment.is_made_by(experiment.quick)
