"""The queue of runs, and the life of the processes that train them.

One `JobManager` an app and store, moved by a thread of its own, so that the queue advances with
no page open. It keeps one spare worker warm, since importing torch takes seconds. Several apps
may use one store: each has its own queue, and a lease (see `leases.py`) decides who trains a run.
Nothing is trained that nobody asked this app for: a run that waited in the queue of an app that is
gone waits for a person to resume it.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from rnnlab.runs import leases
from rnnlab.runs.errors import RunBusy, RunError, storage_errors
from rnnlab.runs.jobs.control import ControlReader, ControlRequest, write_control
from rnnlab.runs.jobs.pool import SpareWorker, WorkerPool, write_final_status
from rnnlab.runs.jobs.process import WorkerProcess
from rnnlab.runs.leases import Lease, this_process
from rnnlab.runs.run import Run
from rnnlab.runs.status import RESUMABLE, Status
from rnnlab.runs.store import RunStore

_TURN = 0.25  # seconds
_PATIENCE = 8.0  # seconds that workers have to save when the app closes

_log = logging.getLogger(__name__)


class JobManager:
    """Trains the runs of one store, at most `max_running` at once, first come, first trained.

    May be used from several threads. `submit`, `resume` and the requests return at once;
    all of them raise StorageError when the disk is full.

    Args:
        root: of the store.
        data: the folder of corpora.
        keep_spare: have a warm worker ready for the next run; without one, `worker_report` stays
            None and a run starts some seconds later.
    """

    def __init__(
        self, root: Path, data: Path, max_running: int = 1, *, keep_spare: bool = True
    ) -> None:
        self.store = RunStore(root)
        self.max_running = max_running
        self._data = Path(data).resolve()
        self._keeps_spare = keep_spare
        self._queue: list[tuple[Run, Lease]] = []
        self._pool = WorkerPool(self.store)
        self._spare = SpareWorker(self._new_worker)
        self._renewed = 0.0  # seconds since 1970
        self._closed = False
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self.store.root.mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(target=self._live, name="job manager", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    # What people ask for

    def submit(self, run_id: str) -> None:
        """Queue a run for training; one that ended early goes on where it was.

        Raises:
            RunBusy: it is being trained, or waits, here or in another window or app.
            RunError: there is no such run, or it is finished or read-only.
        """
        run = self.store.open(run_id)
        with self._lock:
            known = leases.newest_number(run.folder)  # before the look at what it does now
            status = self._pool.status(run)
            _check_may_train(run, status)
            lease = self._acquire_lease(run, known + 1)
            if lease is None:
                raise RunBusy(f"Run '{run.name}' was started by another window a moment ago.")
            self._end_old_worker(run, status)
            self._queue.append((run, lease))
            self._wake.set()

    def resume(self, run_id: str) -> None:
        """Let a paused run go on, or begin a new attempt at one that ended early.

        Raises:
            RunError: as for `submit`.
        """
        run = self.store.open(run_id)
        if run.status().state == "paused":
            self._control(run, pause=False)
        else:
            self.submit(run_id)

    def pause(self, run_id: str) -> None:
        """Hold a run, keeping its process; RunError when it is not being trained."""
        self._control(self._at_work(run_id), pause=True)

    def single_update(self, run_id: str) -> None:
        """Make one update and hold again; RunError when it is not being trained."""
        run = self._at_work(run_id)
        with self._lock:
            self._control(run, pause=True, singles=self._request(run).singles + 1)

    def change(
        self,
        run_id: str,
        *,
        learning_rate: float | None = None,
        clipping: str | None = None,
        grad_clip: float | None = None,
    ) -> None:
        """Change settings while it trains; None leaves one as it is.

        Raises:
            ConfigError: an impossible value.
            RunError: it is not being trained.
        """
        wished = {"learning_rate": learning_rate, "clipping": clipping, "grad_clip": grad_clip}
        changes = {name: value for name, value in wished.items() if value is not None}
        run = self.store.open(run_id)
        run.config.replace(**changes)
        self._control(run, **changes)

    def stop(self, run_id: str) -> None:
        """End a run where it is, or take it out of the queue.

        Raises:
            RunError: it is neither being trained nor waiting in this app's queue.
        """
        run = self.store.open(run_id)
        with self._lock:
            waiting = next((entry for entry in self._queue if entry[0].id == run_id), None)
            if waiting:
                self._queue.remove(waiting)
                with storage_errors():
                    write_final_status(run, waiting[1], "stopped", "")
            else:
                self._control(run, pause=False, stop=True)

    def ask(self, query: dict[str, Any]) -> Future[dict[str, Any]] | None:
        """Ask the spare worker a small query (see `queries.py`); training never waits for it.

        Returns:
            The answer when it comes, or WorkerGone; None while there is no warm spare, or it has
            another query: ask again in a moment.
        """
        with self._lock, contextlib.suppress(OSError):  # it died unnoticed; the next one answers
            return self._spare.ask(query)
        return None

    @property
    def keeps_spare(self) -> bool:
        """Whether a spare worker is kept ready, whenever there is time to get one ready."""
        return self._keeps_spare

    def queue_position(self, run_id: str) -> int | None:
        """1 for the run that starts next; None when it does not wait here."""
        with self._lock:
            ids = [run.id for run, _ in self._queue]
        return ids.index(run_id) + 1 if run_id in ids else None

    @property
    def worker_report(self) -> dict[str, Any] | None:
        """What the first spare said of `devices` and `speed`; None while it gets ready."""
        return self._spare.report

    @property
    def spare_ready(self) -> bool:
        """Whether a warm worker waits, so that the next run starts at once."""
        return self._spare.is_ready

    @property
    def is_idle(self) -> bool:
        """Whether nothing trains or waits here."""
        with self._lock:
            return not self._queue and self._pool.busy() == 0

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called; a closed manager trains nothing more."""
        return self._closed

    def close(self, patience: float = _PATIENCE) -> None:
        """Let all workers save and leave; what waits here waits for somebody to resume it.

        Runs under training end as `interrupted` and can be resumed.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            atexit.unregister(self.close)
            for run, lease in self._queue:
                with contextlib.suppress(OSError):
                    leases.release(run.folder, lease.number)
            workers = self._pool.workers()
            self._queue.clear()
            self._spare.kill()
        self._wake.set()
        for worker in workers:
            worker.close()
        end = time.monotonic() + patience
        for worker in workers:
            worker.wait(max(0.0, end - time.monotonic()))

    # Leases and requests

    def _acquire_lease(self, run: Run, number: int) -> Lease | None:
        """Take an attempt; None when somebody was faster."""
        with storage_errors():
            taken = leases.acquire(run.folder, number, this_process())
        return Lease(number, this_process()) if taken else None

    def _end_old_worker(self, run: Run, status: Status) -> None:
        """Make sure that no process of an earlier attempt is left, frozen or still writing."""
        self._pool.kill(run.id)
        written = run.worker()
        if written and status.state == "lost":
            with contextlib.suppress(OSError):  # of another user; it sees the new lease and leaves
                written.kill()

    def _at_work(self, run_id: str) -> Run:
        run = self.store.open(run_id)
        if run.status().state == "queued" and run_id not in self._pool:
            raise RunError(f"Run '{run.name}' waits in the queue; it has not begun yet.")
        return run

    def _request(self, run: Run) -> ControlRequest:
        return ControlReader(run.folder, leases.newest_number(run.folder)).now()

    def _control(self, run: Run, **changes: Any) -> None:
        with self._lock:
            if not run.is_active:
                raise RunError(
                    f"Run '{run.name}' is not being trained now (it is {run.status().state})."
                )
            with storage_errors():
                write_control(run.folder, replace(self._request(run), **changes))

    # The thread

    def _live(self) -> None:
        while not self._closed:
            self._wake.wait(_TURN)
            self._wake.clear()
            for step in (self._renew, self._pool.reap, self._start, self._keep_spare):
                try:
                    with self._lock:
                        if not self._closed:
                            step()
                except Exception:
                    _log.exception("The job manager goes on after an error.")

    def _renew(self) -> None:
        """Hold the leases to what waits, and to what a worker has in hand and has not begun."""
        # By the clock on the wall, which knows that the computer slept meanwhile.
        if abs(time.time() - self._renewed) < leases.RENEWED_EVERY:
            return
        self._renewed = time.time()
        waiting = [(run.id, lease) for run, lease in self._queue]
        for run_id, lease in waiting + self._pool.leases():
            with contextlib.suppress(OSError):
                leases.renew(self.store.root / run_id, lease.number)

    def _start(self) -> None:
        """Hand the next runs to workers while there is room."""
        while self._queue and self._pool.busy() < self.max_running:
            run, lease = self._queue.pop(0)
            if leases.is_newest(run.folder, lease.number):
                try:
                    self._hand_over(run, lease)
                except OSError as error:
                    self._tell_or_keep(run, lease, f"No training process could start: {error}.")

    def _tell_or_keep(self, run: Run, lease: Lease, error: str) -> None:
        """Tell that a run could not start; where even that fails, it waits on."""
        try:
            write_final_status(run, lease, "failed", error)
        except OSError:
            self._queue.insert(0, (run, lease))
            raise

    def _hand_over(self, run: Run, lease: Lease) -> None:
        worker = self._spare.take()
        try:
            worker.train(run.id, run.folder, lease.number, self._data)
        except OSError:  # the spare had died unnoticed
            worker = self._new_worker()
            worker.train(run.id, run.folder, lease.number, self._data)
        self._pool.add(run.id, worker, lease)

    def _keep_spare(self) -> None:
        if self._keeps_spare:
            self._spare.keep(self._has_time_for_a_spare)

    def _has_time_for_a_spare(self) -> bool:
        """Not while a run that just started needs the processor, nor while all places are taken by
        runs that are to be kept: a spare could not be used, and getting it ready costs as much as
        3 seconds of training. A scratch run makes way at any moment.
        """
        is_full = self._pool.busy() >= self.max_running and not self._pool.has_scratch()
        return not (self._pool.is_starting() or is_full)

    def _new_worker(self) -> WorkerProcess:
        return WorkerProcess(self.store.root / ".worker.log", self._wake.set)


def _check_may_train(run: Run, status: Status) -> None:
    if run.read_only:
        raise RunError(f"Run '{run.name}' ships with the lab; start a new run with its settings.")
    if status.state == "queued":
        raise RunBusy(f"Run '{run.name}' waits in a queue already.")
    if status.is_active:
        raise RunBusy(f"Run '{run.name}' is being trained already, here or in another window.")
    if status.state not in RESUMABLE:
        raise RunError(f"Run '{run.name}' is {status.state}; start a new run with its settings.")
    if run.was_imported:
        raise RunError(
            f"Run '{run.name}' came in a zip, which holds no point to go on from; start a new run "
            "with its settings."
        )


_managers: dict[Path, JobManager] = {}
_managers_lock = threading.Lock()


def job_manager(root: Path, data: Path, max_running: int = 1) -> JobManager:
    """The manager of a store in this process, made when it is asked for first."""
    key = Path(root).resolve()
    with _managers_lock:
        manager = _managers.get(key)
        if manager is None or manager.is_closed:
            manager = _managers[key] = JobManager(key, data, max_running)
        return manager
