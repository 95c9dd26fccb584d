"""Killed at any moment, a run loses nothing it has written and ends where it would have ended."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from rnnlab.runs import leases
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import read_resume_point
from rnnlab.training.config import RunConfig
from tests.runs.waiting import SMALL, wait_for, wait_for_state, wait_for_steps

KILLS = 7  # of each victim
STEPS = 5000  # of each victim, about
BUDGETS = {"epochs": 17.7, "steps": STEPS}  # an epoch has 281 updates
VICTIMS = (("numpy", "epochs"), ("numpy", "epochs"), ("torch", "steps"))  # train side by side

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


class Victim:
    """A run that is killed at a random moment, found lost, checked and resumed, again and again."""

    def __init__(self, run: Run, manager: JobManager, rng: random.Random) -> None:
        self.run = run
        self.kills = 0
        self.kills_while_writing = 0
        self.seconds_until_lost: list[float] = []
        self._manager, self._rng = manager, rng
        self._killed_at = 0.0
        self._steps: set[int] = set()
        self._plan()

    def _plan(self) -> None:
        self._kill_at = time.monotonic() + self._rng.uniform(0.0, 1.3)
        self._waits_for_a_write = self._rng.random() < 0.5
        # At the latest after some steps: a fast machine must not finish before all kills.
        self._last_step = self.run.status().step + STEPS // 15

    def turn(self) -> None:
        """Kill it when the moment has come; resume it when it is seen to be lost."""
        status = self.run.status()
        if status.state == "lost":
            self.seconds_until_lost.append(time.monotonic() - self._killed_at)
            self._check_what_is_left()
            self._manager.resume(self.run.id)
            self._killed_at = 0.0
        elif status.state not in ("starting", "running"):
            assert self.kills == KILLS or status.state == "queued", status
            self._plan()
        elif not self._killed_at and self.kills < KILLS and self._is_time(status.step):
            self._kill(status.pid)

    def _is_time(self, step: int) -> bool:
        since = time.monotonic() - self._kill_at
        waits = self._waits_for_a_write and since < 1.0 and not self._is_writing()
        return step > self._last_step or (since > 0 and not waits)

    def _is_writing(self) -> bool:
        return any(self.run.folder.glob("weights/*.tmp")) or any(self.run.folder.glob("res*.tmp"))

    def _kill(self, pid: int | None) -> None:
        assert pid is not None
        self._steps = set(self.run.metrics()["step"])
        os.kill(pid, signal.SIGKILL)
        self._killed_at = time.monotonic()
        self.kills += 1

    def _check_what_is_left(self) -> None:
        self.kills_while_writing += any(self.run.folder.rglob("*.tmp"))
        assert self._steps <= set(self.run.metrics()["step"])
        for snapshot in self.run.snapshots():
            assert np.isfinite(self.run.weights(snapshot)["decoder.weight"]).all()


@pytest.mark.timeout(600)
def test_a_run_killed_again_and_again_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    rng = random.Random(20)
    calm: dict[str, Run] = {}  # by engine
    roots = tmp_path / "checkpoints", tmp_path / "data"
    manager = JobManager(*roots, max_running=len(VICTIMS), keep_spare=False)
    try:
        victims = []
        for engine, unit in VICTIMS:
            run = manager.store.create(_config(engine, unit), name=f"killed, {engine}")
            manager.submit(run.id)
            victims.append(Victim(run, manager, rng))
        wait_for(lambda: _turns(victims), 300, "all kills", pause=0.005)
        for engine, unit in set(VICTIMS):
            calm[engine] = manager.store.create(_config(engine, unit), name="undisturbed")
            manager.submit(calm[engine].id)
        for run in (*(victim.run for victim in victims), *calm.values()):
            wait_for_state(run, "finished", seconds=200)
    finally:
        manager.close()
    for victim in victims:
        _check_end(victim, calm[victim.run.config.engine])
    lost = [seconds for victim in victims for seconds in victim.seconds_until_lost]
    resumed = [e.step for victim in victims for e in victim.run.events() if e.what == "attempt"]
    writing = sum(victim.kills_while_writing for victim in victims)
    print(f"{len(lost)} kills, {writing} while a file was written, lost after {max(lost):.1f} s;")
    print(f"went on from steps {resumed}")
    assert max(resumed) > 0
    assert len(lost) == KILLS * len(VICTIMS) >= 20
    assert max(lost) < 10


def _config(engine: str, unit: str) -> RunConfig:
    return SMALL.replace(hidden_size=32, engine=engine, budget=BUDGETS[unit], budget_unit=unit)


def _turns(victims: list[Victim]) -> bool:
    for victim in victims:
        victim.turn()
    return all(len(victim.seconds_until_lost) == KILLS for victim in victims)


def _check_end(victim: Victim, calm: Run) -> None:
    status, expected = victim.run.status(), calm.status()
    steps = victim.run.metrics()["step"]
    assert status.attempt == victim.kills + 1
    assert status.step == expected.step == expected.total_steps == steps[-1]
    assert status.step == pytest.approx(STEPS, rel=0.01)
    assert status.val_loss == pytest.approx(expected.val_loss, abs=1e-6)
    assert (np.diff(steps) > 0).all()
    assert not list(victim.run.folder.rglob("*.tmp"))


SCRIBE = """
import sys
from pathlib import Path
import numpy as np
from rnnlab.runs.jobs.writer import RunWriter
from rnnlab.runs.weights import ResumePoint
pen = RunWriter(Path(sys.argv[1]), int(sys.argv[2]))
pen.tidy()
print("writing", flush=True)
step = int(sys.argv[2]) * 100_000
while True:
    step += 1
    values = np.full(1_000_000, step, np.float32)
    pen.weights("best", {"decoder.bias": values})
    pen.resume_point(ResumePoint(step, 0.0, {"params.decoder.bias": values}))
    pen.line("metrics.jsonl", {"step": step, "train_loss": float(step)})
"""


def test_a_process_killed_while_it_writes_leaves_whole_files(tmp_path: Path) -> None:
    rng = random.Random(5)
    run = RunStore(tmp_path).create(SMALL, name="x")
    interrupted_writes, rows = 0, 0
    for attempt in range(1, 11):
        leases.acquire(run.folder, attempt, this_process())
        arguments = [sys.executable, "-c", SCRIBE, str(run.folder), str(attempt)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE) as scribe:
            assert scribe.stdout is not None
            scribe.stdout.readline()
            wait_for((run.folder / "resume.safetensors").exists)
            time.sleep(rng.uniform(0.0, 0.1))
            wait_for(lambda: any(run.folder.rglob("*.tmp")), what="a file in the making", pause=0)
            scribe.kill()
        values = run.weights("best")["decoder.bias"]
        point = read_resume_point(run.folder)
        assert point is not None
        assert (values == values[0]).all()
        assert (point.state["params.decoder.bias"] == point.step).all()
        assert values[0] >= point.step  # float32 holds these steps exactly
        metrics = run.metrics()
        np.testing.assert_array_equal(metrics["train_loss"], metrics["step"])
        assert rows <= len(metrics["step"])
        rows = len(metrics["step"])
        interrupted_writes += any(run.folder.rglob("*.tmp"))
    print(interrupted_writes, "of 10 kills while writing")
    assert interrupted_writes  # about nine of ten kills come before the file is in its place


APP = """
import signal, sys, time
from pathlib import Path
from rnnlab.runs import leases
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.leases import this_process
from rnnlab.runs.weights import read_resume_point
signal.signal(signal.SIGINT, lambda *_: None)
manager = JobManager(Path(sys.argv[1]), Path(sys.argv[2]))
manager.submit(sys.argv[3])
time.sleep(120)
"""


@pytest.fixture
def app_and_run(tmp_path: Path) -> tuple[subprocess.Popen[bytes], Run]:
    """An app of its own that trains a run, in a process group of its own."""
    run = RunStore(tmp_path / "checkpoints").create(SMALL, name="x")
    arguments = [str(tmp_path / "checkpoints"), str(tmp_path / "data"), run.id]
    app = subprocess.Popen([sys.executable, "-c", APP, *arguments], start_new_session=True)
    wait_for_state(run, "running", seconds=60)
    wait_for_steps(run)
    return app, run


def test_when_the_app_is_killed_the_worker_saves_and_leaves(
    app_and_run: tuple[subprocess.Popen[bytes], Run], tmp_path: Path
) -> None:
    app, run = app_and_run
    worker, family = run.worker(), psutil.Process(app.pid).children()
    assert worker is not None
    app.kill()
    app.wait()
    assert wait_for_state(run, "interrupted", seconds=10) < 5
    wait_for(lambda: not worker.is_alive(), 10, "the worker has left")
    _, orphans = psutil.wait_procs(family, 10)
    assert not orphans
    assert (run.folder / "resume.safetensors").exists()
    step = run.status().step
    manager = JobManager(tmp_path / "checkpoints", tmp_path / "data")
    try:
        manager.resume(run.id)
        wait_for_state(run, "running", seconds=60)
        wait_for_steps(run)
        assert run.status().step >= step
    finally:
        manager.close()


def test_ctrl_c_in_the_terminal_of_the_app_does_not_reach_the_worker(
    app_and_run: tuple[subprocess.Popen[bytes], Run],
) -> None:
    app, run = app_and_run
    os.killpg(app.pid, signal.SIGINT)
    beat = run.status().beat
    wait_for(lambda: run.status().beat > beat + 1.5, 10, "the worker goes on")
    wait_for_steps(run)
    assert run.status().state == "running"
    app.kill()
    app.wait()
    wait_for_state(run, "interrupted", seconds=10)


def test_sigterm_lets_a_worker_save(manager: JobManager) -> None:
    run = manager.store.create(SMALL, name="x")
    manager.submit(run.id)
    wait_for_state(run, "running", seconds=60)
    wait_for_steps(run)
    pid = run.status().pid
    assert pid  # 0 would be this process and its group
    os.kill(pid, signal.SIGTERM)
    wait_for_state(run, "interrupted", seconds=5)
    assert run.can_resume
