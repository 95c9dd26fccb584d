"""One attempt at training a run, carried out in this process."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnlab.network.char_rnn import CharRNN
from rnnlab.runs import leases
from rnnlab.runs.files import read_json
from rnnlab.runs.jobs.control import ControlRequest, write_control
from rnnlab.runs.jobs.trainer import Attempt, SaveSchedule
from rnnlab.runs.jobs.writer import RunWriter
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import ResumePoint, read_weights
from rnnlab.text.batching import Batch
from rnnlab.text.formal_languages import generated_corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.base import Engine, Update
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.evaluation import Evaluation, evaluate
from rnnlab.training.tasks import make_task
from tests.runs.waiting import SMALL

QUICK = SMALL.replace(budget=40)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "checkpoints")


def leased(store: RunStore, config: RunConfig, sha256: str = "") -> Run:
    run = store.create(config, name="x", corpus_sha256=sha256)
    leases.acquire(run.folder, 1, this_process())
    return run


def carry_out(run: Run, leave: threading.Event | None = None, number: int = 1) -> str:
    """Train it; the state in which it ended."""
    data = run.folder / "no data"
    attempt = Attempt(run, number, data, leave or threading.Event(), on_first=lambda: None)
    end = attempt.carry_out()
    attempt.write_final_sample()
    if end["state"] != "superseded":
        assert end["state"] == run.status().state
        assert end["error"] == run.status().error
        assert run.status().error == "" or run.status().error.endswith(".")
    return end["state"]


def test_what_a_finished_run_has_stored(store: RunStore) -> None:
    run = leased(store, QUICK)
    assert carry_out(run) == "finished"
    status, metrics = run.status(), run.metrics()
    assert status.step == metrics["step"][-1] == 40
    assert status.progress == 1
    assert status.parameters == run.model().architecture.parameter_count()
    assert metrics["train_loss"][-1] < metrics["train_loss"][0]
    assert metrics["val_loss"][-1] == status.val_loss
    assert metrics["test_loss"][-1] == status.test_loss
    task = make_task(run.config, generated_corpus(run.config.corpus))
    for part in ("val", "test"):
        source = task.split.validation if part == "val" else task.split.test
        known = evaluate(run.model("last"), task.evaluation_batches(source)).accuracy
        assert metrics[f"{part}_accuracy"][-1] == known
    assert status.best_val_loss == np.nanmin(metrics["val_loss"])
    assert run.snapshots()[0] == 0
    assert run.snapshots()[-1] == 40
    assert run.samples()[-1].step == 40
    assert len(run.written()) == 20_000
    assert set(run.written()) <= set(run.vocabulary().symbols)
    assert not (run.folder / "resume.safetensors").exists()
    np.testing.assert_array_equal(
        run.weights("last")["decoder.bias"].astype(np.float16),
        run.weights(40)["decoder.bias"],
    )


def test_a_run_that_diverges_says_what_to_change_and_keeps_what_it_has(store: RunStore) -> None:
    wild = {"cell": "rnn_relu", "optimizer": "sgd", "learning_rate": 100.0, "clipping": "none"}
    run = leased(store, QUICK.replace(**wild))
    assert carry_out(run) == "failed"
    shown = run.metrics()["step"]
    assert shown[-1] == run.status().step  # the curve goes on to where it broke down
    assert "diverged" in run.status().error
    assert "earning rate" in run.status().advice
    assert run.metrics()["step"].size
    assert run.snapshots()
    for snapshot in (*run.snapshots(), "best", "last"):
        assert np.isfinite(run.weights(snapshot)["decoder.weight"]).all()


class Never(SaveSchedule):
    """Nothing is ever due: what is stored was stored for another reason."""

    def is_due(self) -> bool:
        return False


def best_loss(run: Run) -> float:
    """The validation loss of the weights that are stored as the best."""
    task = make_task(run.config, generated_corpus(run.config.corpus))
    model = CharRNN(task.architecture, read_weights(run.folder / "weights" / "best.safetensors"))
    return evaluate(model, task.evaluation_batches(task.split.validation)).loss


def test_the_best_weights_outlive_a_divergence(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnlab.runs.jobs.trainer.SaveSchedule", Never)
    monkeypatch.setattr("rnnlab.training.loop.EvaluationPace.is_due", lambda *_: True)
    wild = {"cell": "rnn_relu", "optimizer": "sgd", "learning_rate": 4.0, "clipping": "none"}
    run = leased(store, QUICK.replace(**wild))
    assert carry_out(run) == "failed"
    assert best_loss(run) == pytest.approx(run.status().best_val_loss, abs=1e-5)


class Planted:
    """An engine that learns, and says that its loss is `loss(updates)` whatever it is."""

    def __init__(self, engine: Engine, loss: Callable[[int], float]) -> None:
        self._engine, self._loss = engine, loss
        self._updates = 0
        self.params_at: dict[int, dict[str, np.ndarray]] = {}  # the weights that were evaluated

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def update(self, *arguments: Any) -> Update:
        self._updates += 1
        return self._engine.update(*arguments)

    def evaluate(self, batches: Iterable[Batch]) -> Evaluation:
        self.params_at[self._updates] = self._engine.params()
        return Evaluation(self._loss(self._updates), 0.5, 100)


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], float]], list[Planted]]:
    """Lets attempts have these losses, evaluated at each measurement; gives their engines."""
    monkeypatch.setattr("rnnlab.runs.jobs.trainer.SaveSchedule", Never)  # only at the end
    monkeypatch.setattr("rnnlab.training.loop.EvaluationPace.is_due", lambda *_: True)

    def planted(loss: Callable[[int], float]) -> list[Planted]:
        engines: list[Planted] = []

        def made(*arguments: Any) -> Planted:
            engines.append(Planted(make_engine(*arguments), loss))
            return engines[-1]

        monkeypatch.setattr("rnnlab.runs.jobs.trainer.make_engine", made)
        return engines

    return planted


def test_the_best_weights_are_those_of_the_lowest_validation_loss_not_the_latest(
    store: RunStore, plant: Callable[[Callable[[int], float]], list[Planted]]
) -> None:
    engines = plant(lambda updates: 1 + abs(updates - 16) / 10)
    run = leased(store, QUICK)
    assert carry_out(run) == "finished"
    assert (run.status().best_val_loss, run.status().val_loss) == (1, 1 + 24 / 10)
    best, last = run.weights("best"), run.weights("last")
    for name, lowest in engines[0].params_at[16].items():
        np.testing.assert_array_equal(best[name], lowest)
    assert any((best[name] != last[name]).any() for name in best)


def test_a_resumed_run_keeps_its_best_weights_until_it_is_better(
    store: RunStore, plant: Callable[[Callable[[int], float]], list[Planted]]
) -> None:
    run = leased(store, QUICK)
    plant(lambda _: 1.0)
    assert carry_out(run, SetAfter(4)) == "interrupted"
    before = run.weights("best")
    plant(lambda _: 2.0)
    leases.acquire(run.folder, 2, this_process())
    assert carry_out(run, number=2) == "finished"
    assert (run.status().best_val_loss, run.status().val_loss) == (1, 2)
    after = run.weights("best")
    for name, param in before.items():
        np.testing.assert_array_equal(after[name], param)


def test_the_curve_of_an_interrupted_run_goes_to_its_end(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnlab.runs.jobs.trainer._LINE_EVERY", 1e9)  # none is due but the first
    run = leased(store, QUICK)
    assert carry_out(run, SetAfter(9)) == "interrupted"
    steps = run.metrics()["step"].tolist()
    assert steps == [0, run.status().step]
    assert steps[-1] > 0


def test_the_characters_of_a_run_stay_those_of_its_first_attempt(store: RunStore) -> None:
    run = leased(store, QUICK)
    writer = RunWriter(run.folder, 1)
    writer.symbols(["a", "b"], ["one"])
    writer.symbols(["b", "a", "c"], ["two"])
    assert read_json(run.folder / "vocabulary.json") == ["a", "b"]
    assert read_json(run.folder / "labels.json") == ["one"]


def test_a_resume_point_knows_of_no_best_weights_that_are_not_stored(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnlab.runs.jobs.trainer.SaveSchedule", Never)
    rates = (ControlRequest(1, learning_rate=rate / 1000) for rate in itertools.count(1))
    monkeypatch.setattr("rnnlab.runs.jobs.trainer.ControlReader.now", lambda _: next(rates))
    known: list[float] = []

    def look(_: RunWriter, point: ResumePoint) -> None:
        if point.best_val_loss is not None:
            known.append(point.best_val_loss)
            assert best_loss(run) == pytest.approx(point.best_val_loss, abs=1e-5)

    monkeypatch.setattr(RunWriter, "resume_point", look)
    run = leased(store, QUICK)
    assert carry_out(run) == "finished"
    assert known


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_a_run_that_no_memory_can_hold_is_refused_and_not_killed(
    store: RunStore, engine: str
) -> None:
    largest = {"hidden_size": 2048, "num_layers": 6, "seq_length": 2000, "batch_size": 4096}
    run = leased(store, QUICK.replace(**largest, batching="random", engine=engine, device="cpu"))
    assert carry_out(run) == "failed"
    assert re.match(r"This run needs about 3,\d{3} GB of memory, but .*batch", run.status().error)


def test_a_corpus_that_is_gone_is_named(store: RunStore) -> None:
    run = leased(store, QUICK.replace(corpus="own-removed"))
    assert carry_out(run) == "failed"
    assert "own-removed" in run.status().error


def test_a_text_too_short_for_the_batch_is_refused(store: RunStore) -> None:
    run = leased(store, QUICK.replace(max_characters=300, batch_size=500, seq_length=500))
    assert carry_out(run) == "failed"


def test_another_text_under_the_same_name_is_refused(store: RunStore) -> None:
    run = leased(store, QUICK, sha256="0" * 64)
    assert carry_out(run) == "failed"
    assert "not the one" in run.status().error


@pytest.mark.parametrize("content", [b"", b"no tensors", b"\2\0\0\0\0\0\0\0{}"])
def test_a_damaged_resume_point_is_told(store: RunStore, content: bytes) -> None:
    run = leased(store, QUICK)
    (run.folder / "resume.safetensors").write_bytes(content)
    assert carry_out(run) == "failed"
    assert "resume point" in run.status().error.lower()


class SetAfter(threading.Event):
    """An event that is found set after some looks at it."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks

    def is_set(self) -> bool:
        self._looks -= 1
        return self._looks < 0


@pytest.mark.parametrize("looks", [0, 1, 4, 9])
def test_who_has_to_leave_saves_first_and_the_next_ends_where_one_would_have(
    store: RunStore, looks: int
) -> None:
    config = QUICK.replace(dropout=0.2, schedule="cosine", num_layers=2)
    whole, broken = leased(store, config), leased(store, config)
    assert carry_out(whole) == "finished"
    assert carry_out(broken, SetAfter(looks)) == "interrupted"
    assert broken.status().step < 40
    leases.acquire(broken.folder, 2, this_process())
    assert carry_out(broken, number=2) == "finished"
    assert broken.status().val_loss == pytest.approx(whole.status().val_loss, abs=1e-9)
    assert broken.metrics()["step"][-1] == 40


def test_a_resume_point_of_other_settings_is_told_in_a_sentence(store: RunStore) -> None:
    run, other = leased(store, QUICK), leased(store, QUICK.replace(hidden_size=20))
    leave = threading.Event()
    leave.set()
    assert carry_out(other, leave) == "interrupted"
    point = (other.folder / "resume.safetensors").read_bytes()
    (run.folder / "resume.safetensors").write_bytes(point)
    assert carry_out(run) == "failed"
    error = run.status().error
    assert error.startswith("'params.rnn.weight_ih_l0' in the saved training state has shape (80, ")
    assert "but this run needs (64, " in error
    assert error.endswith("Start a new run with this run's settings.")


def test_an_attempt_that_was_taken_over_leaves_without_a_word(store: RunStore) -> None:
    run = leased(store, QUICK)
    leases.acquire(run.folder, 2, this_process())
    before = sorted(path.name for path in run.folder.iterdir())
    assert carry_out(run) == "superseded"
    assert sorted(path.name for path in run.folder.iterdir()) == before


def test_a_request_to_stop_from_before_the_start_is_obeyed(store: RunStore) -> None:
    run = leased(store, QUICK)
    write_control(run.folder, ControlRequest(attempt=1, stop=True))
    assert carry_out(run) == "stopped"
    assert run.status().step == 0


def test_a_stopped_run_keeps_the_point_from_which_it_goes_on(store: RunStore) -> None:
    run = leased(store, QUICK)
    write_control(run.folder, ControlRequest(attempt=1, stop=True))
    assert carry_out(run) == "stopped"
    assert (run.folder / "resume.safetensors").exists()
    leases.acquire(run.folder, 2, this_process())
    assert carry_out(run, number=2) == "finished"
    assert run.status().step == 40


def test_requests_for_another_attempt_are_none(store: RunStore) -> None:
    run = leased(store, QUICK)
    write_control(run.folder, ControlRequest(attempt=7, stop=True))
    assert carry_out(run) == "finished"
