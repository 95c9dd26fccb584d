"""Who may train a run, and what state it is in."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from rnnlab.runs import leases
from rnnlab.runs.leases import ProcessName, this_process
from rnnlab.runs.status import FROZEN, TURN_NEVER_CAME, infer_status


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


def sleeper() -> tuple[subprocess.Popen[bytes], ProcessName]:
    """A process that does nothing, and its name."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    created = psutil.Process(process.pid).create_time()
    return process, ProcessName(platform.node(), process.pid, created)


def written(process: ProcessName, silent: float) -> dict[str, object]:
    return {
        "state": "running",
        "attempt": 1,
        "beat": time.time() - silent,
        **process.to_json(),
    }


def test_of_many_who_ask_at_once_one_succeeds(folder: Path) -> None:
    together = threading.Barrier(8)
    won = []

    def try_it() -> None:
        together.wait()
        won.append(leases.acquire(folder, 1, this_process()))

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_an_attempt_may_write_until_the_next_is_claimed(folder: Path) -> None:
    assert not leases.is_newest(folder, 1)
    leases.acquire(folder, 1, this_process())
    assert leases.is_newest(folder, 1)
    leases.acquire(folder, 2, this_process())
    assert not leases.is_newest(folder, 1)
    assert leases.is_newest(folder, 2)
    assert leases.newest_number(folder) == 2


def let_pass(folder: Path, seconds: float) -> None:
    """Make the first lease as old as if it had last been renewed so long ago."""
    then = time.time() - seconds
    os.utime(folder / "claims" / "1", (then, then))


def test_a_lease_is_held_until_it_is_released(folder: Path) -> None:
    leases.acquire(folder, 1, this_process())
    assert leases.newest_lease(folder).is_held()
    leases.release(folder, 1)
    assert not leases.newest_lease(folder).is_held()
    assert leases.newest_number(folder) == 1


def test_nobody_holds_the_lease_of_a_process_that_is_dead(folder: Path) -> None:
    app, name = sleeper()
    leases.acquire(folder, 1, name)
    assert leases.newest_lease(folder).is_held()
    app.kill()
    app.wait()
    assert not leases.newest_lease(folder).is_held()


@pytest.mark.parametrize("owner", [this_process(), ProcessName("another-machine", 1, 0.0)])
def test_a_lease_is_held_as_long_as_it_is_renewed(folder: Path, owner: ProcessName) -> None:
    leases.acquire(folder, 1, owner)
    let_pass(folder, leases.SILENT - 5)
    assert leases.newest_lease(folder).is_held()
    let_pass(folder, leases.SILENT + 5)
    assert not leases.newest_lease(folder).is_held()
    leases.renew(folder, 1)
    assert leases.newest_lease(folder).is_held()


def test_a_clock_that_was_set_back_holds_no_lease_for_ever(folder: Path) -> None:
    leases.acquire(folder, 1, ProcessName("another-machine", 1, 0.0))
    let_pass(folder, 5 - leases.SILENT)  # two machines never quite agree on the time
    assert leases.newest_lease(folder).is_held()
    let_pass(folder, -3600)
    assert not leases.newest_lease(folder).is_held()
    (folder / "claims" / "1").write_bytes(b"")
    let_pass(folder, -3600)
    assert not leases.newest_lease(folder).is_held()


def test_an_empty_lease_counts_as_being_written_just_now(folder: Path) -> None:
    (folder / "claims").mkdir()
    (folder / "claims" / "1").touch()
    assert leases.newest_lease(folder).is_held()
    let_pass(folder, 6)
    assert not leases.newest_lease(folder).is_held()


def held(number: int) -> leases.Lease:
    return leases.Lease(number, this_process(), time.time())


def test_a_lease_without_an_answer_means_queued() -> None:
    assert infer_status(None, held(1)).state == "queued"
    again = infer_status({"state": "failed", "attempt": 1, "error": "x", "advice": "y"}, held(2))
    assert (again.state, again.error, again.advice) == ("queued", "", "")
    assert infer_status({"state": "failed", "attempt": 2}, held(2)).state == "failed"


def test_a_lease_without_an_answer_that_nobody_holds_waits_for_a_person() -> None:
    failed = {"state": "failed", "attempt": 1, "step": 7, "error": "x", "advice": "y"}
    for written_before, step in ((None, 0), (failed, 7)):
        status = infer_status(written_before, leases.Lease(2))
        assert (status.state, status.step, status.advice) == ("interrupted", step, "")
        assert status.error == TURN_NEVER_CAME
        assert not status.is_active


def test_a_killed_worker_is_lost_although_it_is_a_zombie() -> None:
    process, name = sleeper()
    assert infer_status(written(name, 0.5), leases.Lease(1)).state == "running"
    process.kill()
    deadline = time.monotonic() + 10
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    status = infer_status(written(name, 3.0), leases.Lease(1))
    assert status.state == "lost"
    assert status.error.endswith(".")
    process.wait()
    assert infer_status(written(name, 3.0), leases.Lease(1)).state == "lost"


def test_a_number_that_was_given_to_another_process_is_not_taken_for_the_worker() -> None:
    other = ProcessName(platform.node(), this_process().pid, this_process().created - 1000)
    assert not other.is_alive()
    assert infer_status(written(other, 3.0), leases.Lease(1)).state == "lost"


def test_a_worker_elsewhere_is_judged_by_its_beat() -> None:
    elsewhere = ProcessName("another-machine", 1, 0.0)
    assert infer_status(written(elsewhere, FROZEN - 5), leases.Lease(1)).state == "running"
    assert infer_status(written(elsewhere, FROZEN + 5), leases.Lease(1)).state == "lost"


def test_a_frozen_process_counts_as_lost_and_can_be_killed() -> None:
    process, name = sleeper()
    psutil.Process(process.pid).suspend()
    assert infer_status(written(name, FROZEN + 5), leases.Lease(1)).state == "lost"
    name.kill()
    assert not name.is_alive()
    process.wait(5)
