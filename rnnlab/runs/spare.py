"""The spare worker: one training process kept warm, since importing torch takes seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from rnnlab.runs.worker_process import WorkerProcess

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

    def ask(self, question: dict[str, Any]) -> Future[dict[str, Any]] | None:
        """Ask the spare, which stays one; None while it gets ready or has another question.

        Raises:
            OSError: it is gone.
        """
        process = self._process
        if process is None or not self.is_ready or process.is_asked:
            return None
        return process.ask(question)

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
