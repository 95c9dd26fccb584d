"""What ships of a run: little, and nothing of somebody else's text."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rnnlab.runs.errors import RunError
from rnnlab.runs.export import CURVE_DIGITS, CURVE_LINES, ship
from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import write_weights
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.networks import architecture_of, fresh_params

TEXT = "To sleep, perchance to dream of a network that remembers all of this by heart. " * 3
CORPUS = Corpus("c", "C", TEXT, None, "", "")
STEPS = 5_000


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A long finished run whose second sample quotes."""
    run = RunStore(tmp_path / "own").create(RunConfig(hidden_size=4), name="long")
    for step in range(STEPS):
        epoch_loss = 1.0 if step % 50 == 7 else None
        append_line(run.folder / "metrics.jsonl", {"step": step, "epoch_loss": epoch_loss})
    for step, text in enumerate(("Words that nobody wrote before it did.", "xx" + TEXT[30:70])):
        append_line(run.folder / "samples.jsonl", {"step": step, "text": text})
    vocabulary = Vocabulary.from_text(TEXT)
    replace_json(run.folder / "vocabulary.json", vocabulary.to_json())
    params = fresh_params(
        architecture_of(run.config, len(vocabulary)), "pytorch", np.random.default_rng(1)
    )
    (run.folder / "weights").mkdir()
    write_weights(run.folder / "weights" / "last.safetensors", params, half=False)
    status = {"state": "finished", "step": STEPS, "pid": 5, "host": "my-machine", "beat": 9.0}
    replace_json(run.folder / "status.json", status)
    return run


def test_a_shipped_run_is_small_read_only_and_quotes_nothing(tmp_path: Path, run: Run) -> None:
    store = RunStore(tmp_path / "lab")
    shipped = ship(store, run, "small-1", "Small", "A note", CORPUS)
    assert [found.id for found in store.labs()] == ["labs/small-1"]
    assert shipped.read_only
    assert shipped not in store.runs()
    assert shipped.config == run.config
    assert [sample.step for sample in shipped.samples()] == [0]
    metrics = shipped.metrics()
    assert len(metrics["step"]) <= CURVE_LINES + STEPS / 50
    assert np.isfinite(metrics["epoch_loss"]).sum() == STEPS / 50
    assert metrics["step"][[0, -1]].tolist() == [0, STEPS - 1]
    assert shipped.snapshots() == [STEPS]
    np.testing.assert_allclose(
        shipped.weights()["decoder.weight"], run.weights()["decoder.weight"], atol=1e-3
    )
    assert "my-machine" not in (shipped.folder / "status.json").read_text()


def test_a_heavy_snapshot_stays_at_home(tmp_path: Path, run: Run) -> None:
    store = RunStore(tmp_path / "lab")
    light = ship(store, run, "light-1", "Light", "", CORPUS, heaviest=1_000_000)
    heavy = ship(store, run, "heavy-1", "Heavy", "", CORPUS, heaviest=100)
    assert light.snapshots() == [STEPS]
    assert heavy.snapshots() == []
    np.testing.assert_array_equal(heavy.metrics()["step"], light.metrics()["step"])


def test_numbers_of_a_shipped_curve_keep_six_digits(tmp_path: Path, run: Run) -> None:
    loss = 1.23456789
    append_line(run.folder / "metrics.jsonl", {"step": STEPS, "val_loss": loss, "test_loss": None})
    shipped = ship(RunStore(tmp_path / "lab"), run, "small-1", "Small", "", CORPUS)
    last = (shipped.folder / "metrics.jsonl").read_text().splitlines()[-1]
    assert json.loads(last) == {"step": STEPS, "val_loss": 1.23457}


def test_a_run_that_ships_cannot_be_deleted_or_renamed(tmp_path: Path, run: Run) -> None:
    store = RunStore(tmp_path / "lab")
    shipped = ship(store, run, "small-1", "Small", "", CORPUS)
    for act in (store.delete, lambda run_id: store.rename(run_id, "Mine")):
        with pytest.raises(RunError, match="ships with the lab"):
            act(shipped.id)


def test_only_a_finished_run_ships(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(RunConfig(), name="new")
    with pytest.raises(RunError, match="only a run that ended can ship"):
        ship(RunStore(tmp_path / "lab"), run, "new-1", "New", "", CORPUS)


def test_the_thinned_curve_keeps_the_mean_over_all_updates(tmp_path: Path, run: Run) -> None:
    (run.folder / "metrics.jsonl").unlink()
    rng = np.random.default_rng(0)
    steps, losses = np.arange(3, 3004, 3), rng.uniform(1, 4, 1001)
    append_line(run.folder / "metrics.jsonl", {"step": 0, "train_loss": 5.0})
    for step, loss in zip(steps.tolist(), losses.tolist(), strict=True):
        append_line(run.folder / "metrics.jsonl", {"step": step, "train_loss": loss})
    shipped = ship(RunStore(tmp_path / "shipped"), run, "one-1", "One", "How?", CORPUS)
    curve = shipped.metrics()
    assert len(curve["step"]) <= CURVE_LINES + 1
    assert curve["train_loss"][0] == 5.0
    updates = np.diff(curve["step"])
    mean = np.average(curve["train_loss"][1:], weights=updates)
    assert mean == pytest.approx(losses.mean(), rel=10.0 ** -(CURVE_DIGITS - 1))
