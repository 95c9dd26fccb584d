"""A full disk ends a run with a sentence, and everything written before stays readable."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rnnlab.runs import leases
from rnnlab.runs.errors import StorageError, user_message
from rnnlab.runs.files import json_bytes
from rnnlab.runs.jobs import writer
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.jobs.writer import Heartbeat, RunWriter, Superseded
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from tests.runs.waiting import SMALL, wait_for

FILE_LIMIT = 7000  # bytes that a file may have: weights fit, a resume point does not


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run that this process has leased."""
    made = RunStore(tmp_path / "checkpoints").create(SMALL, name="x")
    leases.acquire(made.folder, 1, this_process())
    return made


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_worker_on_a_full_disk_fails_with_a_sentence(run: Run, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    request = {"do": "train", "run": run.id, "folder": str(run.folder), "attempt": 1}
    with subprocess.Popen(
        [sys.executable, "-m", "rnnlab.runs.jobs.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT)),
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json_bytes({**request, "data": str(tmp_path)}) + b"\n")
        worker.stdin.flush()
        answers = (json.loads(line) for line in worker.stdout)
        end = next(answer for answer in answers if answer["event"] == "ended")
        worker.stdin.close()
    assert end["state"] == run.status().state == "failed"
    assert "disk is full" in run.status().error
    assert run.metrics()["step"].size
    assert run.snapshots()
    for snapshot in run.snapshots():
        assert np.isfinite(run.weights(snapshot)["decoder.bias"]).all()
    assert not list(run.folder.rglob("*.tmp"))
    assert run.can_resume


def test_the_last_word_is_said_even_when_no_file_can_be_made(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Heartbeat(RunWriter(run.folder, 1), {"state": "running", "step": 5}) as heart:
        assert run.status().state == "running"
        monkeypatch.setattr(writer, "replace_file", no_space)
        with pytest.raises(OSError, match="No space") as caught:
            heart.announce(step=6)
        assert heart.write_despite_full_disk(state="failed", error=user_message(caught.value))
    assert run.status().state == "failed"
    assert run.status().error.startswith("The disk is full")


def test_a_beat_that_cannot_be_written_is_heard_of_by_the_training(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnlab.runs.jobs.writer.BEAT_EVERY", 0.02)
    with Heartbeat(RunWriter(run.folder, 1), {"state": "running"}) as heart:
        monkeypatch.setattr(writer, "replace_file", no_space)
        wait_for(lambda: heart._trouble, 5, "a beat that failed")
        with pytest.raises(OSError, match="No space"):
            heart.note(step=1)


def test_a_worker_that_was_taken_over_writes_nothing_more(run: Run) -> None:
    pen = RunWriter(run.folder, 1)
    pen.line("metrics.jsonl", {"step": 1})
    leases.acquire(run.folder, 2, this_process())
    writes = [
        lambda: pen.line("metrics.jsonl", {"step": 2}),
        lambda: pen.status({"state": "running"}),
        lambda: pen.weights("best", {"decoder.bias": np.zeros(3, np.float32)}),
        lambda: pen.written("text"),
        lambda: pen.symbols(["a"], []),
        pen.tidy,
    ]
    for write in writes:
        with pytest.raises(Superseded):
            write()
    assert run.metrics()["step"].tolist() == [1]
    assert run.status().state == "queued"


def test_weights_that_are_not_finite_are_never_stored(run: Run) -> None:
    pen = RunWriter(run.folder, 1)
    pen.tidy()
    pen.weights("8", {"decoder.bias": np.array([1.0, np.nan], np.float32)}, half=True)
    assert run.snapshots() == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "memory"),
        (RuntimeError("CUDA out of memory. Tried"), "memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "fewer hidden"),
        (OSError(errno.EACCES, "Permission denied", "x"), "Permission denied"),
        (KeyError("x"), "worker.log"),
        (RuntimeError(""), "no message"),
    ],
)
def test_every_error_has_a_sentence(error: Exception, words: str) -> None:
    assert words in user_message(error)
    assert user_message(error).endswith(".")


_RESUME_WITHOUT_SPACE = """
import resource, sys
from pathlib import Path
from rnnlab.runs.jobs.manager import JobManager
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))  # bytes: a lease fits in part
root = Path(sys.argv[1])
manager = JobManager(root, root, max_running=0, keep_spare=False)
try:
    manager.resume(sys.argv[2])
except OSError as error:
    print(error)
"""


def test_a_lease_that_did_not_fit_is_taken_back_and_counts_as_no_attempt(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    run = RunStore(tmp_path).create(SMALL, name="x")
    command = [sys.executable, "-c", _RESUME_WITHOUT_SPACE, str(tmp_path), run.id]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert answer == "The disk is full; free some space and try again.\n"
    assert leases.newest_number(run.folder) == 0
    assert run.status() == Status()
    assert leases.acquire(run.folder, 1, this_process())


def test_what_a_person_asks_for_on_a_full_disk_is_answered_with_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(run.folder.parent)
    manager = JobManager(run.folder.parent, run.folder, max_running=0, keep_spare=False)
    RunWriter(run.folder, 1).status({"state": "paused", "attempt": 1, "beat": time.time()})
    for broken in ("rnnlab.runs.files.replace_file", "rnnlab.runs.files.Path.write_bytes"):
        monkeypatch.setattr(broken, no_space)
    try:
        for ask in (
            lambda: store.create(SMALL, name="new"),
            lambda: store.rename(run.id, "other"),
            lambda: manager.resume(run.id),
            lambda: manager.change(run.id, learning_rate=0.5),
        ):
            with pytest.raises(StorageError, match="disk is full"):
                ask()
    finally:
        manager.close()
    assert [other.id for other in store.runs()] == [run.id]
    assert not list(store.root.glob(".new*"))
