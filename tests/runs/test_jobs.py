"""The queue, and what can be done to a run while it trains."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from rnnlab.inspection.small_case import Setting, make_case
from rnnlab.runs import claims
from rnnlab.runs.errors import RunBusy, RunError, RunNotFound
from rnnlab.runs.jobs import JobManager, job_manager
from rnnlab.runs.processes import ProcessName
from rnnlab.runs.questions import autograd_question, gradients
from rnnlab.runs.store import RunStore
from rnnlab.runs.worker_process import WorkerProcess
from rnnlab.training.config import ConfigError
from tests.runs.waiting import SMALL, wait_for, wait_for_state, wait_for_steps


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
        run = manager.store.create(SMALL.changed(engine="torch", budget=300), name="x")
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
    case = make_case(Setting(num_layers=2, hidden_size=8, seq_length=12))
    answer = manager.ask(autograd_question(case.model, case.ids, case.targets, case.state))
    assert answer is not None
    found = gradients(answer.result(timeout=10))
    for name, grad in case.gradients().items():
        np.testing.assert_allclose(found[name], grad, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("scratch", [False, True])
def test_only_a_throw_away_run_has_a_spare_made_ready_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch: bool
) -> None:
    made: list[None] = []

    def counted(log: Path, on_answer: Callable[[], None]) -> WorkerProcess:
        made.append(None)
        return WorkerProcess(log, on_answer)

    monkeypatch.setattr("rnnlab.runs.jobs.WorkerProcess", counted)
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data")
    try:
        wait_for(lambda: made, 10, "the first worker")
        run = manager.store.create(SMALL.changed(budget=1e6), name="x", scratch=scratch)
        manager.submit(run.id)
        wait_for(lambda: run.status().seconds > 2.5, 60, "some seconds of training")
        assert len(made) == (2 if scratch else 1)
        manager.stop(run.id)
        wait_for(lambda: len(made) == 2, 20, "the next spare")
    finally:
        manager.close()


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
    for wish in (manager.pause, manager.single_update, manager.stop):
        with pytest.raises(RunError, match="not being trained"):
            wish(run.id)


def test_runs_wait_for_their_turn_in_the_order_they_came(manager: JobManager) -> None:
    runs = [manager.store.create(SMALL.changed(budget=30), name=str(i)) for i in range(3)]
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
    other = manager.store.create(SMALL.changed(budget=20), name="next")
    manager.submit(other.id)
    wait_for_state(other, "finished", seconds=60)
    assert paused.status().state == "paused"


def test_resume_in_many_tabs_and_two_apps_begins_one_attempt(tmp_path: Path) -> None:
    roots = tmp_path / "checkpoints", tmp_path / "data"
    managers = [JobManager(*roots, keep_spare=False), JobManager(*roots, keep_spare=False)]
    try:
        run = managers[0].store.create(SMALL, name="x")
        together, answers = threading.Barrier(8), []

        def tab(manager: JobManager) -> None:
            together.wait()
            try:
                manager.resume(run.id)
                answers.append("")
            except RunBusy as error:
                answers.append(str(error))

        tabs = [threading.Thread(target=tab, args=(managers[i % 2],)) for i in range(8)]
        for thread in tabs:
            thread.start()
        for thread in tabs:
            thread.join()
        assert answers.count("") == 1
        assert all(answer.endswith(".") for answer in answers if answer)
        wait_for_state(run, "running", seconds=60)
        assert claims.newest_number(run.folder) == 1
        busy = [worker for manager in managers for worker in manager._crew.workers()]
        assert [worker.pid for worker in busy] == [run.status().pid]
    finally:
        for manager in managers:
            manager.close()
    assert run.status().state == "interrupted"


def test_of_many_races_to_resume_each_has_one_winner(tmp_path: Path) -> None:
    roots = tmp_path / "checkpoints", tmp_path / "data"
    managers = [JobManager(*roots, max_running=0, keep_spare=False) for _ in range(4)]
    store = RunStore(tmp_path / "checkpoints")

    def race(run_id: str, manager: JobManager, together: threading.Barrier) -> bool:
        together.wait()
        try:
            manager.resume(run_id)
        except RunBusy:
            return False
        return True

    try:
        with ThreadPoolExecutor(len(managers)) as tabs:
            for _ in range(60):
                run_id, together = store.create(SMALL, name="x").id, threading.Barrier(4)
                answers = [tabs.submit(race, run_id, manager, together) for manager in managers]
                assert sum(answer.result() for answer in answers) == 1
    finally:
        for manager in managers:
            manager.close()


def test_what_waited_in_a_closed_app_waits_for_a_person(tmp_path: Path) -> None:
    roots = tmp_path / "checkpoints", tmp_path / "data"
    first = JobManager(*roots, max_running=0, keep_spare=False)
    run = first.store.create(SMALL.changed(budget=20), name="x")
    first.submit(run.id)
    assert run.status().state == "queued"
    first.close()
    assert run.status().state == "interrupted"
    assert run.can_resume
    second = JobManager(*roots, keep_spare=False)
    try:
        time.sleep(0.6)  # two turns
        assert second.is_idle
        second.resume(run.id)
        with pytest.raises(RunBusy):
            second.resume(run.id)
        wait_for_state(run, "finished", seconds=60)
        assert run.status().attempt == 2
    finally:
        second.close()


def test_a_folder_copied_while_it_waited_waits_for_a_person(tmp_path: Path) -> None:
    roots = tmp_path / "checkpoints", tmp_path / "data"
    manager = JobManager(*roots, max_running=0, keep_spare=False)
    try:
        run = manager.store.create(SMALL, name="x")
        claims.take(run.folder, 1, ProcessName("another-machine", 1, 0.0))
        then = time.time() - claims.SILENT
        os.utime(run.folder / "claims" / "1", (then, then))
        assert run.status().state == "interrupted"
        manager.resume(run.id)
        assert run.status().state == "queued"
        assert claims.newest_number(run.folder) == 2
        manager.stop(run.id)
        manager.store.delete(run.id)
    finally:
        manager.close()


def test_what_waits_in_a_living_app_stays_its_own(tmp_path: Path) -> None:
    arguments = [str(tmp_path), str(tmp_path / "data")]
    run = RunStore(tmp_path).create(SMALL, name="x")
    other = JobManager(tmp_path, tmp_path / "data", max_running=0, keep_spare=False)
    command = [sys.executable, "-c", _WAITING_ROOM, *arguments, run.id]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        app.stdout.readline()
        try:
            assert run.status().state == "queued"
            os.utime(run.folder / "claims" / "1", (0.0, 0.0))
            wait_for_state(run, "queued")  # the app renews its claim
            with pytest.raises(RunBusy, match="queue"):
                other.resume(run.id)
            app.kill()
            app.wait()
            assert run.status().state == "interrupted"
            other.resume(run.id)
            assert run.status().state == "queued"
        finally:
            app.kill()
            other.close()


_WAITING_ROOM = """
import sys, time
from pathlib import Path
from rnnlab.runs import claims
from rnnlab.runs.jobs import JobManager
claims.RENEWED_EVERY = 0.1
manager = JobManager(Path(sys.argv[1]), Path(sys.argv[2]), max_running=0, keep_spare=False)
manager.submit(sys.argv[3])
print("waiting", flush=True)
time.sleep(60)
"""


def test_a_closing_app_interrupts_its_runs_and_they_go_on_later(tmp_path: Path) -> None:
    roots = tmp_path / "checkpoints", tmp_path / "data"
    first = JobManager(*roots, keep_spare=False)
    run = first.store.create(SMALL, name="x")
    first.submit(run.id)
    wait_for_state(run, "running", seconds=60)
    wait_for_steps(run)
    first.close()
    step = run.status().step
    assert run.status().state == "interrupted"
    assert run.snapshots()
    second = JobManager(*roots, keep_spare=False)
    try:
        second.resume(run.id)
        wait_for_state(run, "running", seconds=60)
        wait_for_steps(run)
        assert run.status().step >= step
        assert [event.what for event in run.events()] == ["attempt"]
    finally:
        second.close()


def test_a_run_that_can_neither_start_nor_say_so_waits_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data", keep_spare=False)
    tries: list[float] = []

    def no_process(*_: object) -> None:
        tries.append(time.monotonic())
        raise OSError(errno.ENOSPC, "No space left on device")

    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    try:
        with monkeypatch.context() as broken:
            broken.setattr("rnnlab.runs.jobs.WorkerProcess", no_process)
            broken.setattr("rnnlab.runs.crew.replace_json", no_space)
            run = manager.store.create(SMALL.changed(budget=20), name="x")
            manager.submit(run.id)
            wait_for(lambda: len(tries) > 2, what="another try")
            assert run.status().state == "queued"
            assert manager.queue_position(run.id) == 1
        wait_for_state(run, "finished", seconds=60)
    finally:
        manager.close()


def test_a_run_that_cannot_start_says_why(manager: JobManager) -> None:
    def no_process(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("rnnlab.runs.jobs.WorkerProcess", no_process)
        run = manager.store.create(SMALL, name="x")
        manager.submit(run.id)
        wait_for_state(run, "failed")
    assert "No training process could start" in run.status().error
    assert run.can_resume


def test_a_spare_that_cannot_start_is_tried_again_after_a_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []

    def no_process(*_: object) -> None:
        tries.append(time.monotonic())
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("rnnlab.runs.jobs.WorkerProcess", no_process)
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data")
    try:
        wait_for(lambda: tries, what="a try")
        time.sleep(0.6)  # two turns
        assert len(tries) == 1
    finally:
        manager.close()


def test_there_is_one_manager_for_a_root(tmp_path: Path) -> None:
    first = job_manager(tmp_path / "a", tmp_path)
    try:
        assert job_manager(tmp_path / "b" / ".." / "a", tmp_path) is first
    finally:
        first.close()


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
