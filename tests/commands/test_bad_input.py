"""Bad input is answered with exit status 2 and one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rnnlab.runs.store import RunStore
from tests.commands.conftest import Call

ANYWHERE = [
    (["nope"], "nope"),
    (["runs", "--nope"], "nope"),
    (["corpora", "--fetch", "nope"], "nope"),
    (["train"], "EXPERIMENT"),
    (["train", "nope"], "quick-lstm"),
    (["train", "quick-lstm", "--set", "nope=1"], "nope"),
    (["train", "quick-lstm", "--seeds", "one"], "no range of seeds"),
    (["train", "quick-lstm", "--seeds", ""], "no range of seeds"),
    (["train", "quick-lstm", "--seeds", "5-1"], "must be 1 to 100 seeds"),
    (["train", "quick-lstm", "--seeds", "1-1000"], "must be 1 to 100 seeds"),
    (["results", "nope"], "dinosaurs"),
    (["ship", "nope"], "shakespeare-by-heart"),
    (["ship", "dino-gru"], "no run of dino-gru"),
    (["train", "quick-lstm", "--set", "hidden_size"], "field=value"),
    (["train", "quick-lstm", "--set", "hidden_size=many"], "hidden_size"),
    (["train", "quick-lstm", "--set", "hidden_size=0"], "hidden_size"),
    (["train", "quick-lstm", "--set", "seed=1" + 400 * "0"], "seed"),
    (["train", "quick-lstm", "--set", "hidden_size=-3"], "hidden_size"),
    (["train", "quick-lstm", "--set", "learning_rate=nan"], "learning_rate"),
    (["train", "quick-lstm", "--set", "learning_rate=inf"], "learning_rate"),
    (["train", "quick-lstm", "--set", "learning_rate=0"], "learning_rate"),
    (["train", "quick-lstm", "--set", "cell=transformer"], "lstm"),
    (["train", "quick-lstm", "--set", "train_share=0.9", "--set", "validation_share=0.5"], "share"),
    (["train", "quick-lstm", "--set", "corpus=nope"], "nope"),
    (["train", "quick-lstm", "--set", "corpus=../secret"], "secret"),
    (["train", "demo-30s", "--set", "max_characters=300", "--set", "batch_size=512"], "text"),
    (["train", "demo-30s", "--set", "batching=items"], "list"),
    (["evaluate", "nope"], "nope"),
    (["evaluate", "../../etc"], "etc"),
    (["ladder", "nope"], "nope"),
    (["generate", ""], "run"),
]
OF_A_RUN = [
    (["evaluate", "--split", "training"], "validation"),
    (["evaluate", "--split", "test"], "test"),  # there is no test part
    (["evaluate", "--corpus", "nope"], "nope"),
    (["evaluate", "--snapshot", "7777"], "7777"),
    (["evaluate", "--snapshot", "newest"], "newest"),
    (["evaluate", "--snapshot", 5000 * "9"], "no snapshot"),
    (["generate", "--prime", "☃"], "☃"),
    (["generate", "--prime", ""], "seed text"),
    (["generate", "--temperature", "0"], "temperature"),
    (["generate", "--temperature", "-1"], "temperature"),
    (["generate", "--temperature", "nan"], "temperature"),
    (["generate", "--temperature", "warm"], "temperature"),
    (["generate", "--length", "0"], "length"),
    (["generate", "--length", "99999999999"], "length"),
    (["generate", "--seed", "-1"], "seed"),
    (["generate", "--top-k", "-1"], "top"),
    (["generate", "--top-p", "0"], "top"),
    (["generate", "--top-p", "nan"], "top"),
    (["generate", "--snapshot", "-5"], "-5"),
]


def refused(call: Call, arguments: list[str], about: str) -> None:
    """The answer is one line that names what is wrong."""
    answer = call(*arguments)
    assert answer.status == 2
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert about in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(("arguments", "about"), ANYWHERE)
def test_refused_with_one_sentence(
    call: Call, store: RunStore, arguments: list[str], about: str
) -> None:
    before = [run.id for run in store.runs()]
    refused(call, arguments, about)
    assert [run.id for run in store.runs()] == before  # nothing is left behind


@pytest.mark.parametrize(("arguments", "about"), OF_A_RUN)
def test_run_is_asked_for_what_it_cannot_do(
    call: Call, prose: str, arguments: list[str], about: str
) -> None:
    refused(call, [arguments[0], prose, *arguments[1:]], about)


@pytest.mark.parametrize("command", [["runs"], ["evaluate", "x"], ["train", "quick-lstm"]])
def test_store_that_is_a_file(call: Call, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").write_text("no folder")
    refused(call, [*command, "--runs", str(tmp_path / "file")], "file")


def test_folder_of_the_environment_that_is_a_file(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("RNNLAB_RUNS", str(tmp_path / "file"))
    refused(call, ["runs"], str(tmp_path / "file"))


@pytest.mark.parametrize("command", ["evaluate", "generate"])
def test_broken_run(call: Call, broken: Path, command: str) -> None:
    refused(call, [command, "lstm-8-play-aaaaaa", "--runs", str(broken)], "config")


@pytest.mark.parametrize(
    ("damage", "about"), [("vocabulary.json", "damaged"), ("weights", "cut off")]
)
def test_damaged_run(
    call: Call, store: RunStore, tmp_path: Path, prose: str, damage: str, about: str
) -> None:
    shutil.copytree(store.root / prose, tmp_path / prose)
    target = tmp_path / prose / damage
    for path in target.glob("*") if target.is_dir() else [target]:
        path.write_bytes(path.read_bytes()[:20])
    refused(call, ["generate", prose, "--runs", str(tmp_path)], about)


def test_json_does_not_change_a_refusal(call: Call) -> None:
    refused(call, ["evaluate", "nope", "--json"], "nope")
