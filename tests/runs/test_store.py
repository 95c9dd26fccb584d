"""The folder of all runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.network.char_rnn import Architecture
from rnnlab.network.initialization import initial_params
from rnnlab.runs import leases
from rnnlab.runs.errors import BrokenRun, RunBusy, RunError, RunNotFound
from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import read_weights, write_weights
from rnnlab.training.config import RunConfig

CONFIG = RunConfig(corpus="reber", hidden_size=5, embedding_size=3, cell="gru")
SYMBOLS = ["\n", "a", "b", "c"]


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "checkpoints")


def some_params() -> dict[str, np.ndarray]:
    architecture = Architecture("gru", len(SYMBOLS), 3, 5, 1)
    return initial_params(architecture, "pytorch", np.random.default_rng(3))


def add_weights(run: Run, *names: str) -> None:
    (run.folder / "weights").mkdir(exist_ok=True)
    for name in names:
        path = run.folder / "weights" / f"{name}.safetensors"
        write_weights(path, some_params(), half=name.isdigit())


def test_a_run_is_found_again_as_it_was_made(store: RunStore) -> None:
    run = store.create(CONFIG, name="First  try\n", note="why", corpus_sha256="abc")
    again = RunStore(store.root).open(run.id)
    assert (again.config, again.name, again.note) == (CONFIG, "First try", "why")
    assert again.corpus_sha256 == "abc"
    assert again.id.startswith("gru-5-reber-")
    assert store.open(run.id) is run


def test_a_run_that_was_never_queued_is_resumable_and_empty(store: RunStore) -> None:
    run = store.create(CONFIG, name="new")
    assert run.status().state == "interrupted"
    assert not run.is_active
    assert run.can_resume
    assert all(len(values) == 0 for values in run.metrics().values())
    assert (run.samples(), run.events(), run.snapshots(), run.written()) == ([], [], [], "")
    for read in (run.weights, run.model, run.vocabulary):
        with pytest.raises(RunError, match="yet"):
            read()


@pytest.mark.parametrize(
    "run_id",
    [
        "",
        ".",
        "..",
        "../x",
        "/etc",
        "a/b",
        "scratch",
        "gallery",
        "scratch/../x",
        "A",
        "a\0b",
        "a" * 200,
    ],
)
def test_an_id_never_leaves_the_root(store: RunStore, run_id: str) -> None:
    (store.root.parent / "x").mkdir()
    (store.root / "scratch").mkdir(parents=True)
    with pytest.raises(RunNotFound):
        store.open(run_id)


@given(st.text(max_size=80))
def test_any_name_makes_a_run_that_opens(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    store = RunStore(tmp_path_factory.mktemp("names"))
    run = store.create(CONFIG.replace(corpus="own-テキスト"), name=name, note=name)
    assert run.name
    assert run.name.isprintable()
    assert run.id.isascii()


def test_runs_are_listed_newest_first_with_the_gallery_last(store: RunStore) -> None:
    ids = [store.create(CONFIG, name=str(i)).id for i in range(3)]
    scratch = store.create(CONFIG, name="try", scratch=True)
    shutil.copytree(store.root / ids[0], store.root / "gallery" / "lstm-play")
    assert [run.id for run in store.runs()] == [*reversed(ids), "gallery/lstm-play"]
    assert [run.id for run in store.runs(scratch=True)] == [scratch.id]
    assert scratch.id.startswith("scratch/")
    assert store.open("gallery/lstm-play").read_only


def test_the_gallery_cannot_be_changed(store: RunStore) -> None:
    run = store.create(CONFIG, name="x")
    shutil.copytree(run.folder, store.root / "gallery" / "shown")
    for change in (
        lambda: store.delete("gallery/shown"),
        lambda: store.rename("gallery/shown", "y"),
    ):
        with pytest.raises(RunError, match="ships with the lab"):
            change()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": 99}',
        b'{"format": 1, "hidden_size": -3}',
        b'{"format": 1, "hidden_size": 1e999}',
        b'{"format": 1, "nobody": 3}',
        b'{"format": 1, "corpus": null}',
        b"[" * 50_000,
    ],
)
def test_a_broken_run_is_listed_with_a_sentence(store: RunStore, content: bytes) -> None:
    good = store.create(CONFIG, name="good")
    bad = store.create(CONFIG, name="bad")
    (bad.folder / "config.json").write_bytes(content)
    assert [run.id for run in store.runs()] == [good.id]
    [(run_id, sentence)] = store.broken()
    assert run_id == bad.id
    assert sentence.endswith(".")
    with pytest.raises(BrokenRun):
        store.open(bad.id)
    store.delete(bad.id)
    assert store.broken() == []


def test_an_unknown_format_is_refused_by_name(store: RunStore) -> None:
    run = store.create(CONFIG, name="x")
    replace_json(run.folder / "config.json", {**CONFIG.to_json(), "format": 7})
    with pytest.raises(BrokenRun, match="format 7"):
        store.open(run.id)


@given(
    data=st.binary(max_size=200),
    name=st.sampled_from(
        [
            "request.json",
            "status.json",
            "metrics.jsonl",
            "samples.jsonl",
            "events.jsonl",
            "written.txt",
        ]
    ),
)
def test_damaged_files_never_stop_a_run_from_being_listed(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    store = RunStore(tmp_path_factory.mktemp("damaged"))
    run = store.create(CONFIG, name="x")
    (run.folder / name).write_bytes(data)
    [listed] = store.runs()
    assert listed.status().state
    assert listed.name
    assert listed.created >= 0
    listed.metrics(), listed.samples(), listed.events(), listed.written()


@pytest.mark.parametrize("value", [None, True, "x", [], {}, 10**400, -1, 1e308])
@pytest.mark.parametrize(
    "field", ["step", "train_loss", "temperature", "text", "beat", "pid", "state"]
)
def test_odd_values_are_taken_for_missing_ones(store: RunStore, field: str, value: object) -> None:
    run = store.create(CONFIG, name="x")
    record = {"step": 3, "state": "running", "host": "h", "created": 1.0, field: value}
    for name in ("metrics.jsonl", "samples.jsonl", "events.jsonl"):
        (run.folder / name).write_text(json.dumps(record) + "\n")
    (run.folder / "status.json").write_text(json.dumps(record))
    assert 0 <= run.status().step < 2**53
    run.metrics(), run.samples(), run.events()


@pytest.mark.parametrize("created", [None, "x", -1, 1e18, 10**400, float("inf"), float("nan")])
def test_a_run_from_no_possible_time_is_from_an_unknown_one(
    store: RunStore, created: object
) -> None:
    run = store.create(CONFIG, name="x")
    (run.folder / "request.json").write_text(json.dumps({"created": created}))
    assert run.created == 0


def test_the_last_line_of_each_step_is_kept_in_the_order_of_steps(store: RunStore) -> None:
    run = store.create(CONFIG, name="x")
    for step, loss in [(1, 3.0), (2, 2.5), (3, 2.0), (2, 2.4), (4, None)]:
        append_line(run.folder / "metrics.jsonl", {"step": step, "train_loss": loss})
    metrics = run.metrics()
    assert metrics["step"].tolist() == [1, 2, 3, 4]
    np.testing.assert_array_equal(metrics["train_loss"], [3.0, 2.4, 2.0, np.nan])
    assert np.isnan(metrics["val_loss"]).all()
    append_line(run.folder / "metrics.jsonl", {"step": 5, "train_loss": 1.0})
    assert run.metrics()["step"].tolist() == [1, 2, 3, 4, 5]


def test_weights_come_back_as_float32(store: RunStore) -> None:
    run = store.create(CONFIG, name="x")
    add_weights(run, "0", "8", "64", "best")
    (run.folder / "weights" / "best.safetensors.1-2.tmp").write_bytes(b"half")
    assert run.snapshots() == [0, 8, 64]
    for snapshot, tolerance in ((8, 1e-3), ("best", 0.0)):
        for name, value in run.weights(snapshot).items():
            assert value.dtype == np.float32
            np.testing.assert_allclose(value, some_params()[name], atol=tolerance, rtol=0)
    assert run.model("last").architecture.hidden_size == 5  # the newest until there is a last
    with pytest.raises(RunError, match="0, 8, 64"):
        run.weights(9)


def test_weights_beyond_half_precision_are_not_turned_into_infinities(tmp_path: Path) -> None:
    path = tmp_path / "8.safetensors"
    write_weights(path, {"decoder.bias": np.array([1.0, 70_000.0], np.float32)}, half=True)
    assert read_weights(path)["decoder.bias"].tolist() == [1.0, 70_000.0]


@pytest.mark.parametrize("keep", [0, 4, 8, 100, -1])
def test_truncated_weights_are_refused_with_a_sentence(store: RunStore, keep: int) -> None:
    run = store.create(CONFIG, name="x")
    add_weights(run, "best")
    path = run.folder / "weights" / "best.safetensors"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BrokenRun, match=r"best\.safetensors"):
        run.weights()


def test_weights_of_another_cell_are_refused_with_a_sentence(store: RunStore) -> None:
    run = store.create(CONFIG.replace(cell="lstm"), name="x")
    add_weights(run, "best")
    with pytest.raises(BrokenRun, match="do not fit"):
        run.model()


def test_weights_beside_the_vocabulary_of_another_run_are_refused(store: RunStore) -> None:
    run = store.create(CONFIG, name="x")
    add_weights(run, "best")
    assert run.model().architecture.hidden_size == 5  # a vocabulary is not needed
    symbols = run.model().architecture.vocab_size
    replace_json(run.folder / "vocabulary.json", [chr(65 + k) for k in range(symbols)])
    assert run.model().architecture.vocab_size == symbols
    replace_json(run.folder / "vocabulary.json", [chr(65 + k) for k in range(symbols + 1)])
    with pytest.raises(BrokenRun, match=f"{symbols} characters, but its vocabulary has"):
        run.model()


def test_an_active_run_cannot_be_deleted(store: RunStore) -> None:
    run = store.create(CONFIG, name="x")
    leases.acquire(run.folder, 1, this_process())
    assert run.status().state == "queued"
    with pytest.raises(RunBusy):
        store.delete(run.id)


def test_only_the_latest_scratch_runs_are_kept_and_never_an_active_one_lost(
    store: RunStore,
) -> None:
    first = store.create(CONFIG, name="busy", scratch=True)
    leases.acquire(first.folder, 1, this_process())
    ids = [store.create(CONFIG, name=str(i), scratch=True).id for i in range(25)]
    kept = [run.id for run in store.runs(scratch=True)]
    assert kept == [*reversed(ids[-20:]), first.id]


def test_a_renamed_run_keeps_its_note_and_time(store: RunStore) -> None:
    run = store.create(CONFIG, name="old", note="note")
    created = run.created
    store.rename(run.id, "new <b>name</b>")
    assert (run.name, run.note, run.created) == ("new <b>name</b>", "note", created)
    with pytest.raises(RunError):
        store.rename(run.id, " \n")


def test_a_name_that_is_too_long_is_refused_rather_than_cut(store: RunStore) -> None:
    run = store.create(CONFIG, name=f" {'n' * 120} ")
    assert run.name == "n" * 120
    with pytest.raises(RunError, match="at most 120 characters, but this one has 1,000"):
        store.rename(run.id, "m" * 1_000)
    assert run.name == "n" * 120
    with pytest.raises(RunError, match="at most 120 characters"):
        store.create(CONFIG, name="n" * 121)
    assert len(store.runs()) == 1
