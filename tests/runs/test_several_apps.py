"""Apps that share a folder, close, or come back: nothing starts twice or by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rnnlab.runs import leases
from rnnlab.runs.errors import RunBusy
from rnnlab.runs.jobs.manager import JobManager, job_manager
from rnnlab.runs.leases import ProcessName
from rnnlab.runs.store import RunStore
from tests.runs.waiting import SMALL, wait_for_state, wait_for_steps


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
        assert leases.newest_number(run.folder) == 1
        busy = [worker for manager in managers for worker in manager._pool.workers()]
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
    run = first.store.create(SMALL.replace(budget=20), name="x")
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
        leases.acquire(run.folder, 1, ProcessName("another-machine", 1, 0.0))
        then = time.time() - leases.SILENT
        os.utime(run.folder / "claims" / "1", (then, then))
        assert run.status().state == "interrupted"
        manager.resume(run.id)
        assert run.status().state == "queued"
        assert leases.newest_number(run.folder) == 2
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
            wait_for_state(run, "queued")  # the app renews its lease
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
from rnnlab.runs import leases
from rnnlab.runs.jobs.manager import JobManager
leases.RENEWED_EVERY = 0.1
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


def test_there_is_one_manager_for_a_root(tmp_path: Path) -> None:
    first = job_manager(tmp_path / "a", tmp_path)
    try:
        assert job_manager(tmp_path / "b" / ".." / "a", tmp_path) is first
    finally:
        first.close()
