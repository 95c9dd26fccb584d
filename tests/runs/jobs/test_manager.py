"""The queue, and what can be done to a run while it trains."""

from __future__ import annotations

import errno
import time
from pathlib import Path

import psutil
import pytest

from rnnlab.runs.errors import RunBusy, RunError, RunNotFound
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.training.config import ConfigError
from tests.runs.waiting import SMALL, wait_for, wait_for_state, wait_for_steps


def test_pause_single_updates_changes_and_stop(manager: JobManager) -> None:
    run = manager.store.create(SMALL, name="x")
    manager.submit(run.id)
    wait_for_state(run, "running", seconds=60)
    wait_for_steps(run)

    manager.pause(run.id)
    assert wait_for_state(run, "paused") < 1
    worker = psutil.Process(run.status().pid)
    steps, busy = len(run.metrics()["step"]), sum(worker.cpu_times()[:2])
    beat = run.status().beat
    wait_for(lambda: run.status().beat > beat + 1, what="a beat while paused")
    assert len(run.metrics()["step"]) == steps
    assert sum(worker.cpu_times()[:2]) - busy < 0.3

    for expected in (1, 2):
        manager.single_update(run.id)
        wait_for(lambda: len(run.metrics()["step"]) == steps + expected, 1, "a single update")  # noqa: B023
    last = run.metrics()["step"]
    assert last[-1] == last[-2] + 1 == last[-3] + 2
    assert run.status().state == "paused"

    manager.change(run.id, learning_rate=0.5, clipping="value", grad_clip=0.25)
    assert wait_for(lambda: run.status().learning_rate == 0.5) < 1
    changes = {(event.what, event.old, event.new) for event in run.events()}
    assert changes == {
        ("learning_rate", 0.002, 0.5),
        ("clipping", "norm", "value"),
        ("grad_clip", 5.0, 0.25),
    }
    assert {event.step for event in run.events()} == {last[-1]}
    with pytest.raises(ConfigError):
        manager.change(run.id, learning_rate=-1.0)

    manager.resume(run.id)
    assert wait_for_state(run, "running") < 1
    wait_for_steps(run)
    assert run.metrics()["learning_rate"][-1] == 0.5
    with pytest.raises(RunBusy):
        manager.resume(run.id)

    manager.stop(run.id)
    wait_for_state(run, "stopped", seconds=3)
    stopped_at = run.status().step
    manager.resume(run.id)
    wait_for_state(run, "running", seconds=60)
    wait_for_steps(run)
    assert run.metrics()["step"][-1] > stopped_at
    assert run.metrics()["learning_rate"][-1] == 0.5  # a change outlives the attempt
    manager.stop(run.id)
    wait_for_state(run, "stopped", seconds=3)
    with pytest.raises(RunNotFound):
        manager.submit("nobody")
    for control in (manager.pause, manager.single_update, manager.stop):
        with pytest.raises(RunError, match="not being trained"):
            control(run.id)


def test_runs_wait_for_their_turn_in_the_order_they_came(manager: JobManager) -> None:
    runs = [manager.store.create(SMALL.replace(budget=30), name=str(i)) for i in range(3)]
    with manager._lock:  # so that none starts before all are there
        for run in runs:
            manager.submit(run.id)
        assert [manager.queue_position(run.id) for run in runs] == [1, 2, 3]
        assert {run.status().state for run in runs} == {"queued"}
        with pytest.raises(RunBusy, match="queue"):
            manager.submit(runs[2].id)
        with pytest.raises(RunError, match="queue"):
            manager.pause(runs[2].id)
        manager.stop(runs[1].id)
    assert runs[1].status().state == "stopped"
    assert manager.queue_position(runs[2].id) in (1, 2)
    wait_for_state(runs[2], "finished", seconds=60)
    first, last = ((run.folder / "vocabulary.json").stat().st_mtime for run in (runs[0], runs[2]))
    assert runs[0].status().state == "finished"
    assert first < last
    assert runs[1].snapshots() == []
    assert manager.queue_position(runs[0].id) is None


def test_a_paused_run_makes_room_for_the_next(manager: JobManager) -> None:
    paused = manager.store.create(SMALL, name="paused")
    manager.submit(paused.id)
    wait_for_state(paused, "running", seconds=60)
    manager.pause(paused.id)
    wait_for_state(paused, "paused")
    other = manager.store.create(SMALL.replace(budget=20), name="next")
    manager.submit(other.id)
    wait_for_state(other, "finished", seconds=60)
    assert paused.status().state == "paused"


def test_a_run_that_can_neither_start_nor_say_so_waits_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data", keep_spare=False)
    calls: list[float] = []

    def no_process(*_: object) -> None:
        calls.append(time.monotonic())
        raise OSError(errno.ENOSPC, "No space left on device")

    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    try:
        with monkeypatch.context() as broken:
            broken.setattr("rnnlab.runs.jobs.manager.WorkerProcess", no_process)
            broken.setattr("rnnlab.runs.jobs.pool.replace_json", no_space)
            run = manager.store.create(SMALL.replace(budget=20), name="x")
            manager.submit(run.id)
            wait_for(lambda: len(calls) > 2, what="another try")
            assert run.status().state == "queued"
            assert manager.queue_position(run.id) == 1
        wait_for_state(run, "finished", seconds=60)
    finally:
        manager.close()


def test_a_run_that_cannot_start_says_why(manager: JobManager) -> None:
    def no_process(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("rnnlab.runs.jobs.manager.WorkerProcess", no_process)
        run = manager.store.create(SMALL, name="x")
        manager.submit(run.id)
        wait_for_state(run, "failed")
    assert "No training process could start" in run.status().error
    assert run.can_resume


def test_a_frozen_worker_is_ended_before_another_begins(
    manager: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = manager.store.create(SMALL, name="x")
    manager.submit(run.id)
    wait_for_state(run, "running", seconds=60)
    frozen = psutil.Process(run.status().pid)
    frozen.suspend()
    monkeypatch.setattr("rnnlab.runs.status.FROZEN", 3.0)
    wait_for_state(run, "lost", seconds=10)
    manager.resume(run.id)
    assert not frozen.is_running() or frozen.status() == psutil.STATUS_ZOMBIE
    wait_for_state(run, "running", seconds=60)
    assert run.status().attempt == 2
