"""The spare worker: ready before it is needed, out of the way of training."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnnlab.inspection.gradient_check.check import CaseSetting, make_case
from rnnlab.runs.errors import RunError
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.jobs.process import WorkerProcess
from rnnlab.runs.jobs.queries import autograd_query, gradients
from tests.runs.waiting import SMALL, wait_for, wait_for_state


def test_a_warm_spare_shows_the_first_loss_at_once(tmp_path: Path) -> None:
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data")
    try:
        wait_for(lambda: manager.spare_ready, 100, "a warm spare")
        wait_for(lambda: manager.worker_report is not None, 5)
        assert manager.worker_report["devices"][-1] == "cpu"
        assert manager.worker_report["speed"]
        assert manager.worker_report["error"] == ""
        check_that_a_question_is_answered(manager)
        assert manager.spare_ready
        run = manager.store.create(SMALL.replace(engine="torch", budget=300), name="x")
        start = time.monotonic()
        manager.submit(run.id)
        wait_for(lambda: run.metrics()["step"].size, 10, "the first loss")
        print(f"first loss after {time.monotonic() - start:.2f} s")
        assert time.monotonic() - start < 3  # one second on a machine with nothing else to do
        wait_for_state(run, "finished", seconds=60)
        assert run.status().progress == 1
        wait_for(run.written, what="the text it leaves behind")
        with pytest.raises(RunError, match="finished"):
            manager.resume(run.id)
        wait_for(lambda: manager.spare_ready, 100, "the next spare")
    finally:
        manager.close()


def check_that_a_question_is_answered(manager: JobManager) -> None:
    """By torch, in a moment, and the spare stays as warm as it was."""
    case = make_case(CaseSetting(num_layers=2, hidden_size=8, seq_length=12))
    answer = manager.ask(autograd_query(case.model, case.ids, case.targets, case.state))
    assert answer is not None
    found = gradients(answer.result(timeout=10))
    for name, grad in case.gradients().items():
        np.testing.assert_allclose(found[name], grad, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("scratch", [False, True])
def test_only_a_scratch_run_has_a_spare_made_ready_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch: bool
) -> None:
    made: list[None] = []

    def counted(log: Path, on_answer: Callable[[], None]) -> WorkerProcess:
        made.append(None)
        return WorkerProcess(log, on_answer)

    monkeypatch.setattr("rnnlab.runs.jobs.manager.WorkerProcess", counted)
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data")
    try:
        wait_for(lambda: made, 10, "the first worker")
        run = manager.store.create(SMALL.replace(budget=1e6), name="x", scratch=scratch)
        manager.submit(run.id)
        wait_for(lambda: run.status().seconds > 2.5, 60, "some seconds of training")
        assert len(made) == (2 if scratch else 1)
        manager.stop(run.id)
        wait_for(lambda: len(made) == 2, 20, "the next spare")
    finally:
        manager.close()


def test_a_spare_that_cannot_start_is_tried_again_after_a_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[float] = []

    def no_process(*_: object) -> None:
        calls.append(time.monotonic())
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("rnnlab.runs.jobs.manager.WorkerProcess", no_process)
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data")
    try:
        wait_for(lambda: calls, what="a try")
        time.sleep(0.6)  # two turns
        assert len(calls) == 1
    finally:
        manager.close()
