"""What the commands print when all is well."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from rnnlab.commands import train
from rnnlab.commands.shared import RunFailed
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig
from tests.commands.conftest import Call
from tests.pages.conftest import ROOT

TRAINED = {
    *("run", "steps", "parameters", "train_loss", "val_loss", "test_loss"),
    *("seconds", "characters_per_second"),
}


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_is_printed_as_help(call: Call, arguments: tuple[str, ...]) -> None:
    answer = call(*arguments)
    assert answer.status == 0
    assert answer.err == ""
    lines = answer.out.splitlines()
    assert lines[0].startswith("Usage: ")
    for command in (
        "corpora",
        "experiments",
        "train",
        "evaluate",
        "generate",
        "runs",
        "results",
    ):
        assert any(line.startswith(f"  {command} ") for line in lines)
        assert call(command, "--help").out.startswith("Usage: ")


def test_module_can_be_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rnnlab", "experiments", "--json"],
        cwd=ROOT,
        env={**os.environ, "RNNLAB_RUNS": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert {"quick-lstm", "quick-rnn"} <= {
        row["name"] for row in json.loads(done.stdout.splitlines()[-1])["experiments"]
    }
    assert done.stderr == ""


def test_a_pipe_that_knows_few_characters_gets_codes(call: Call, tmp_path: Path) -> None:
    CorpusLibrary(tmp_path).add_own("한국어", 40 * "가나다라 ")
    environment = {"RNNLAB_DATA": str(tmp_path), "PYTHONIOENCODING": "latin-1"}
    for arguments in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "rnnlab", "corpora", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            timeout=120,
            check=True,
        )
        assert "\\ud55c\\uad6d\\uc5b4" in done.stdout.decode("latin-1")


def test_what_is_said_of_a_run_whose_losses_are_no_numbers() -> None:
    known = {"run": "x", "steps": 3, "seconds": 1.0, "parameters": 5, "train_loss": 2.0}
    assert "training 2.0000." in train._sentence({**known, "val_loss": None, "test_loss": None})
    nothing = dict.fromkeys(("train_loss", "val_loss", "test_loss"))
    assert train._sentence({**known, **nothing}).endswith("none is a number.")


TRAIN_SHORTLY = ("train", "by-hand-numpy", "--set", "budget=3", "--set", "budget_unit=steps")


def test_experiments_are_those_that_can_be_trained_with_what_was_published(call: Call) -> None:
    rows = call("experiments", "--json").json()["experiments"]
    known = {**PRESETS, **EXPERIMENTS}
    assert [row["name"] for row in rows] == list(known)
    for row in rows:
        assert RunConfig.from_json(row["config"]) == known[row["name"]].config
    shown = call("experiments").out
    assert all(name in shown for name in known)
    told_of = {row["name"]: row for row in rows}
    for name, experiment in EXPERIMENTS.items():
        _check_published(told_of[name], experiment)


def _check_published(row: dict[str, Any], experiment: Experiment) -> None:
    told = {found["measure"]: found["value"] for found in row["published"]}
    known = {m.key: m.published for m in experiment.measures if m.published is not None}
    assert told == known
    assert row["parameters"] in (None, known.get("parameters", row["parameters"]))


def test_results_without_runs_are_empty(call: Call, tmp_path: Path) -> None:
    rows = call("results", "--json", "--runs", str(tmp_path)).json()["results"]
    assert {row["experiment"] for row in rows} == set(EXPERIMENTS)
    assert all(row["mean"] is None and row["runs"] == [] for row in rows)
    assert "PUBLISHED" in call("results", "--runs", str(tmp_path)).out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"learning_rate": 50}, "Warning: Learning rate 50 is far too high for Adam"),
        ({"batch_size": 64, "seq_length": 256}, "Warning: One update reads"),
        ({"validation_share": 0.1}, "Note: There is no test loss"),
        ({}, ""),
    ],
)
def test_what_looks_wrong_is_said_before_it_trains(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], said: str
) -> None:
    """On the error output, so that the results can be piped; once, however many seeds."""

    def started(store: RunStore, config: RunConfig, name: str) -> NoReturn:
        raise RunFailed("It starts now.")

    monkeypatch.setattr(train, "train_in_foreground", started)
    few = {"hidden_size": 8, **settings}
    answer = call("train", "by-hand-numpy", "--seeds", "1-2", "--runs", tmp_path, *_settings(**few))
    told = [line for line in answer.err.splitlines() if line.startswith(("Warning", "Note"))]
    assert len(told) == bool(said)
    assert not said or told[0].startswith(said)
    assert answer.err.endswith("It starts now.\n")
    assert not answer.out


def test_seeds_train_one_run_each(call: Call, tmp_path: Path) -> None:
    arguments = [*TRAIN_SHORTLY, "--seeds", "4-5", "--runs", str(tmp_path)]
    assert call(*arguments).status == 0
    assert sorted(run.config.seed for run in RunStore(tmp_path).runs()) == [4, 5]


def test_corpora_say_whether_they_are_here(call: Call) -> None:
    rows = {row["name"]: row for row in call("corpora", "--json").json()["corpora"]}
    assert {"play", "dinosaurs", "tiny-shakespeare", "shakespeare", "sherlock"} <= set(rows)
    assert rows["play"]["here"] is True
    assert rows["play"]["size"] >= 60_000
    assert call("corpora", "--fetch", "play").out.startswith("NAME")


def test_runs_are_listed(call: Call, store: RunStore, prose: str) -> None:
    listed = call("runs", "--json").json()
    assert [row["run"] for row in listed["runs"]] == [run.id for run in store.runs()]
    row = next(row for row in listed["runs"] if row["run"] == prose)
    assert row["state"] == "finished"
    assert row["steps"] == 30
    assert row["test_loss"] is None
    assert prose in call("runs").out


def test_broken_runs_are_listed_with_their_sentence(call: Call, broken: Path) -> None:
    listed = call("runs", "--runs", broken, "--json").json()
    assert listed["runs"] == []
    assert [row["run"] for row in listed["broken"]] == ["lstm-8-play-aaaaaa"]
    assert "broken" in call("runs", "--runs", broken).out


def test_a_store_may_be_new(call: Call, tmp_path: Path) -> None:
    assert call("runs", "--runs", tmp_path / "new", "--json").json() == {"runs": [], "broken": []}


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_trained_run_is_evaluated_to_its_own_loss(call: Call, tmp_path: Path, engine: str) -> None:
    trained = call(
        *("train", "by-hand-numpy", "--runs", tmp_path, "--json", "--name", "by command"),
        *_settings(engine=engine, budget=20, budget_unit="steps", max_characters=20_000),
        *_settings(hidden_size=12, batch_size=4, seq_length=16),
    ).json()
    assert set(trained) >= TRAINED
    assert trained["steps"] == 20
    run = RunStore(tmp_path).open(trained["run"])
    assert run.name == "by command"
    assert trained["parameters"] == sum(w.size for w in run.weights("last").values())
    assert trained["characters_per_second"] > 0
    for split, loss in (("validation", trained["val_loss"]), ("test", trained["test_loss"])):
        measured = call("evaluate", run.id, "--split", split, "--runs", tmp_path, "--json").json()
        assert measured["loss"] == pytest.approx(loss, abs=1e-5)


def _settings(**values: object) -> list[str]:
    return [part for name, value in values.items() for part in ("--set", f"{name}={value}")]


def test_without_a_test_part_its_loss_is_null(call: Call, tmp_path: Path) -> None:
    trained = call(
        *("train", "by-hand-numpy", "--runs", tmp_path, "--json"),
        *_settings(budget=2, budget_unit="steps", max_characters=20_000, hidden_size=8),
        *_settings(train_share=0.9, validation_share=0.1),
    ).json()
    assert trained["test_loss"] is None
    assert trained["val_loss"] > 0


def test_evaluation_has_all_measures(call: Call, prose: str, store: RunStore) -> None:
    measured = call("evaluate", prose, "--json").json()
    status = store.open(prose).status()
    assert measured["loss"] == pytest.approx(status.val_loss, abs=1e-5)
    assert measured["bits_per_character"] == pytest.approx(measured["loss"] / math.log(2))
    assert measured["perplexity"] == pytest.approx(math.exp(measured["loss"]))
    assert 0 < measured["accuracy"] < 1
    assert 1_900 < measured["characters"] <= 2_000  # the last tenth of 20,000
    assert "nats per character" in call("evaluate", prose).out


def test_list_is_evaluated_item_by_item(call: Call, names: str, store: RunStore) -> None:
    measured = call("evaluate", names, "--json").json()
    assert measured["loss"] == pytest.approx(store.open(names).status().val_loss, abs=1e-5)


def test_other_corpus_with_known_characters(call: Call, prose: str, names: str) -> None:
    assert call("evaluate", names, "--corpus", "dinosaurs", "--json").json()["loss"] > 0


def test_same_seed_writes_the_same_text(call: Call, prose: str) -> None:
    def write(*more: object) -> str:
        answer = call("generate", prose, "--prime", "The ", "--length", 60, "--json", *more).json()
        assert answer["prime"] == "The "
        assert len(answer["text"]) == 60
        return answer["text"]

    assert write("--seed", 3) == write("--seed", 3)
    assert write("--seed", 3) != write("--seed", 4)
    assert write("--greedy", "--seed", 3) == write("--greedy", "--seed", 4)
    assert write("--top-k", 1) == write("--greedy")
    assert call("generate", prose, "--prime", "The ", "--length", 5).out.startswith("The ")


def test_every_stored_snapshot_can_write(call: Call, prose: str) -> None:
    texts = {call("generate", prose, "--snapshot", s).out for s in (0, "best", "last")}
    assert len(texts) == 3 - 1  # the last of 30 updates is the best, and the first another


def test_names_are_written_from_an_empty_memory(call: Call, names: str) -> None:
    assert len(call("generate", names, "--length", 80, "--json").json()["text"]) == 80


def test_a_run_that_diverges_still_says_which_it_is(call: Call, tmp_path: Path) -> None:
    settings = ("learning_rate=90", "optimizer=sgd", "clipping=none", "hidden_size=16")
    more = ("corpus=reber", "budget=200", "budget_unit=steps", "engine=numpy", "cell=rnn_relu")
    sets = [part for setting in settings + more for part in ("--set", setting)]
    answer = call("train", "demo-30s", *sets, "--runs", tmp_path, "--json")
    assert answer.status == 1
    found = json.loads(answer.out.splitlines()[-1])
    assert found["state"] == "failed"
    assert (tmp_path / found["run"]).is_dir()
    assert "rate" in answer.err
