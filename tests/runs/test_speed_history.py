"""Runs that were made here tell how fast the next one will be."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from rnnlab.runs import leases
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.speed_history import SimilarRun, similar_run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from rnnlab.text.formal_languages import generated_corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.cost_model import Speed, seconds
from rnnlab.training.planning import forecast, plan
from rnnlab.training.tasks import make_task

CONFIG = RunConfig(corpus="brackets", hidden_size=24, batch_size=8, seq_length=16, budget=60)
CORPUS = generated_corpus("brackets")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


def made(store: RunStore, config: RunConfig = CONFIG, host: str = "", **fields: Any) -> Run:
    """A run of this config that finished on this machine with 12,800 characters a second."""
    run = store.create(config, name="made for the test")
    leases.acquire(run.folder, 1, this_process())
    usual = Status("finished", 1, 100, seconds=9.0, characters_per_second=12_800.0, device="cpu")
    me = replace(this_process(), host=host) if host else this_process()
    status = {**asdict(usual), **me.to_json(), "device": "cpu, 1 thread", **fields}
    (run.folder / "status.json").write_text(json.dumps(status), encoding="utf-8")
    symbols = make_task(config, CORPUS).vocabulary.to_json()
    (run.folder / "vocabulary.json").write_text(json.dumps(symbols), encoding="utf-8")
    return run


def found(
    store: RunStore, config: RunConfig = CONFIG, speed: Speed | None = None
) -> SimilarRun | None:
    return similar_run(
        store.runs(), config, plan(make_task(config, CORPUS)), speed or Speed(), "cpu"
    )


def test_without_runs_nothing_is_known(store: RunStore) -> None:
    assert found(store) is None


@pytest.mark.parametrize("factor", [0.2, 1.0, 5.0])
def test_a_run_of_the_same_sizes_decides_whatever_was_estimated(
    store: RunStore, factor: float
) -> None:
    made(store, CONFIG.replace(learning_rate=0.1, budget=7, budget_unit="epochs", seed=5))
    task, speed = make_task(CONFIG, CORPUS), Speed(*[factor] * 5)
    known = found(store, speed=speed)
    assert known is not None
    assert known.is_same
    config = CONFIG.replace(budget=1000, budget_unit="steps", evaluation="each-1000")
    ahead = forecast(config, plan(task), speed, known.factor)
    learning = 1000 * task.batcher.characters_per_update / 12_800
    assert ahead.seconds == pytest.approx(learning, rel=0.2)  # and one evaluation


def test_the_newest_run_counts(store: RunStore) -> None:
    for age, run in enumerate([made(store, characters_per_second=10.0), made(store)]):
        request = json.loads((run.folder / "request.json").read_text(encoding="utf-8"))
        changed = json.dumps({**request, "created": 1_000_000.0 + age})
        (run.folder / "request.json").write_text(changed, encoding="utf-8")
    known = found(store)
    assert known is not None
    assert known.run.status().characters_per_second == 12_800.0


def test_a_run_of_other_sizes_scales_the_estimate(store: RunStore) -> None:
    smaller = CONFIG.replace(hidden_size=12)
    made(store, smaller)
    known = found(store)
    assert known is not None
    assert not known.is_same
    took = known.factor * seconds(smaller, plan(make_task(smaller, CORPUS)).work, Speed())
    assert took == pytest.approx(8 * 16 / 12_800)


def test_the_run_with_the_most_similar_work_scales(store: RunStore) -> None:
    for hidden_size in (200, 30, 3):
        made(store, CONFIG.replace(hidden_size=hidden_size))
    known = found(store)
    assert known is not None
    assert known.run.config.hidden_size == 30


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "failed"},
        {"seconds": 1.0},
        {"characters_per_second": None},
        {"characters_per_second": 0.0},
        {"device": "cuda"},
        {"host": "another-machine"},
    ],
    ids=str,
)
def test_runs_that_cannot_know_are_not_asked(store: RunStore, fields: dict[str, Any]) -> None:
    made(store, **fields)
    assert found(store) is None


@pytest.mark.parametrize(
    "changes",
    [{"cell": "gru"}, {"engine": "numpy"}, {"threads": 1}, {"hidden_size": 2000}],
    ids=str,
)
def test_other_kinds_of_runs_are_not_asked(store: RunStore, changes: dict[str, Any]) -> None:
    made(store, CONFIG.replace(**changes))
    assert found(store) is None


def test_runs_without_a_vocabulary_are_passed_over(store: RunStore) -> None:
    run = made(store, CONFIG.replace(hidden_size=12))
    (run.folder / "vocabulary.json").unlink()
    assert found(store) is None
