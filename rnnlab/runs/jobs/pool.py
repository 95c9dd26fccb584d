"""The worker pool of an app, and the spare worker that waits warm for the next run.

Each worker trains one run, until its final status is written. The spare one exists because
importing torch takes seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, replace
from typing import Any

from rnnlab.runs import leases
from rnnlab.runs.errors import RunError
from rnnlab.runs.files import replace_json
from rnnlab.runs.jobs.process import WorkerProcess
from rnnlab.runs.leases import Lease
from rnnlab.runs.run import Run
from rnnlab.runs.status import AT_WORK, Status
from rnnlab.runs.store import RunStore


class WorkerPool:
    """Who trains what; not for several threads at once."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._workers: dict[str, tuple[WorkerProcess, Lease]] = {}  # by run id
        self._silent: dict[str, int] = {}  # attempts whose worker ended without a word

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._workers

    def add(self, run_id: str, worker: WorkerProcess, lease: Lease) -> None:
        """Take in a worker that was handed a run."""
        self._workers[run_id] = worker, lease

    def leases(self) -> list[tuple[str, Lease]]:
        """The runs they train, by id, and the leases by which they may."""
        return [(run_id, lease) for run_id, (_, lease) in self._workers.items()]

    def workers(self) -> list[WorkerProcess]:
        """All of them, some of which may have ended a moment ago."""
        return [worker for worker, _ in self._workers.values()]

    def kill(self, run_id: str) -> None:
        """End the worker of a run, if there is one."""
        if own := self._workers.pop(run_id, None):
            own[0].kill()

    def busy(self) -> int:
        """How many runs compute now; a paused one makes room."""
        return sum(
            worker.end is None
            and worker.is_alive()
            and self._store.open(run_id).status().state != "paused"
            for run_id, (worker, _) in self._workers.items()
        )

    def is_starting(self) -> bool:
        """Whether a run has begun and has not shown its first loss yet."""
        return any(w.is_alive() and not (w.has_first or w.end) for w in self.workers())

    def has_scratch(self) -> bool:
        """Whether a scratch run is among those they train."""
        return any(self._store.open(run_id).is_scratch for run_id in self._workers)

    def status(self, run: Run) -> Status:
        """As `Run.status`, but knows at once when one of these workers died."""
        status = run.status()
        own = self._workers.get(run.id)
        if own and own[0].end is None and not own[0].is_alive():
            self._silent[run.id] = own[1].number
        died = status.state in AT_WORK and self._silent.get(run.id) == status.attempt
        return replace(status, state="lost") if died else status

    def reap(self) -> None:
        """Part with workers that have ended, and tell of those that ended without a word."""
        for run_id, (worker, lease) in list(self._workers.items()):
            if worker.is_alive():
                continue
            try:
                self._tell_end(self._store.open(run_id), worker, lease)
            except OSError:
                continue  # a full disk: try again next time
            except RunError:
                pass  # deleted meanwhile
            del self._workers[run_id]

    def _tell_end(self, run: Run, worker: WorkerProcess, lease: Lease) -> None:
        state = run.status().state
        if worker.end is None:
            self._silent[run.id] = lease.number
            if state == "queued":
                write_final_status(run, lease, "failed", _DID_NOT_BEGIN)
        elif state in (*AT_WORK, "queued", "lost"):
            write_final_status(run, lease, worker.end["state"], worker.end.get("error", ""))


def write_final_status(run: Run, lease: Lease, state: str, error: str) -> None:
    """Write the status of a run that has no worker (any more), as the owner of its lease.

    Raises:
        OSError: the disk is full.
    """
    if leases.is_newest(run.folder, lease.number):
        changes = {"state": state, "error": error, "attempt": lease.number, "pid": None}
        replace_json(run.folder / "status.json", {**asdict(run.status()), **changes})


_DID_NOT_BEGIN = (
    "The training process ended before it began; worker.log in the run's folder, or .worker.log "
    "beside it, may say why."
)


_MAKE_WAY = 1.5  # seconds after a start in which the page that shows it has the processor
_REST_AFTER_FAILURE = 20.0  # seconds before another spare is tried


class SpareWorker:
    """Gets a worker ready for the next run, hands it out once, and gets ready the next one.

    Args:
        start: begins a process; may raise OSError.
    """

    def __init__(self, start: Callable[[], WorkerProcess]) -> None:
        self.report: dict[str, Any] | None = None  # devices, speed; None while getting ready
        self._start = start
        self._process: WorkerProcess | None = None
        self._not_before = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether it waits, warm, so that the next run starts at once."""
        process = self._process
        return process is not None and process.report is not None and process.is_alive()

    def take(self) -> WorkerProcess:
        """A worker for a run that starts now: the spare, warm or not yet, or else a fresh one.

        Raises:
            OSError: no process could be started.
        """
        taken = self._process or self._start()
        self._process = None
        self._not_before = time.monotonic() + _MAKE_WAY
        return taken

    def ask(self, query: dict[str, Any]) -> Future[dict[str, Any]] | None:
        """Ask the spare, which stays one; None while it gets ready or has another query.

        Raises:
            OSError: it is gone.
        """
        process = self._process
        if process is None or not self.is_ready or process.is_asked:
            return None
        return process.ask(query)

    def keep(self, is_welcome: Callable[[], bool]) -> None:
        """Look after it; to be called every moment.

        Args:
            is_welcome: whether getting one ready would disturb nobody now.
        Raises:
            OSError: no process could be started; it is tried again after a rest.
        """
        if self._process and not self._process.is_alive():
            self._process = None
            self._not_before = time.monotonic() + _REST_AFTER_FAILURE
        self._note_report()
        if self._process is None and time.monotonic() >= self._not_before and is_welcome():
            self._not_before = time.monotonic() + _REST_AFTER_FAILURE
            self._process = self._start()
            self._not_before = 0.0

    def kill(self) -> None:
        """End it; it has nothing to save."""
        if self._process:
            self._process.kill()

    def _note_report(self) -> None:
        """Keep the first report, or the first that knows the speed."""
        report = self._process.report if self._process else None
        if report and (self.report is None or self.report["speed"] is None):
            self.report = report
