"""A training process as the app sees it: started, spoken to through pipes, watched."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Any

from rnnlab.folders import PROJECT
from rnnlab.runs.errors import WorkerGone
from rnnlab.runs.files import json_bytes


class WorkerProcess:
    """One `rnnlab.runs.jobs.worker`: first a spare that gets ready, then busy with one run.

    Its standard input is its lifeline: when this process ends, however it ends, the worker reads
    the end of the file, saves and leaves.

    Args:
        log: takes what it complains about until it has a run's log to write to.
        on_answer: called from a thread of this object after each answer, and after the end.
    Raises:
        OSError: no process could be started.
    """

    def __init__(self, log: Path, on_answer: Callable[[], None]) -> None:
        self.report: dict[str, Any] | None = None  # what it said when it was ready
        self.has_first = False  # the first loss is on disk
        self.end: dict[str, Any] | None = None  # how the run ended
        self._asked: dict[int, Future[dict[str, Any]]] = {}  # queries without an answer yet
        self._numbers = itertools.count()
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "rnnlab.runs.jobs.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(),
                **_own_session(),
            )
        self._on_answer = on_answer
        threading.Thread(target=self._listen, name="worker answers", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it runs; asking also lays a dead one to rest, which would stay a zombie."""
        if self._process.poll() is None:
            return True
        self.close()
        return False

    def train(self, run_id: str, folder: Path, attempt: int, data: Path) -> None:
        """Hand it the run that it is to train.

        Raises:
            OSError: it is gone.
        """
        request = {"do": "train", "run": run_id, "folder": str(folder), "attempt": attempt}
        self._say({**request, "data": str(data)})

    @property
    def is_asked(self) -> bool:
        """Whether it has a query in hand."""
        return bool(self._asked)

    def ask(self, query: dict[str, Any]) -> Future[dict[str, Any]]:
        """Ask it something of `queries.py`, which it answers in a moment and stays what it is.

        Returns:
            The answer when it comes, or WorkerGone.
        Raises:
            OSError: it is gone.
        """
        number, answer = next(self._numbers), Future[dict[str, Any]]()
        self._asked[number] = answer
        try:
            self._say({**query, "number": number})
        except OSError:
            self._asked.pop(number, None)
            raise
        return answer

    def _say(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json_bytes(request) + b"\n")
            self._process.stdin.flush()
        except ValueError:  # the pipe was closed when it was laid to rest
            raise BrokenPipeError("The worker is gone.") from None

    def close(self) -> None:
        """Cut the lifeline: a spare leaves at once, a busy one saves first."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:
            return  # it left before

    def wait(self, seconds: float) -> bool:
        """Wait for its end; False when it still runs."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it at once, also when it is frozen."""
        self._process.kill()
        self._process.wait()
        self.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as answers:
            for line in answers:
                self._take(json.loads(line))
                self._on_answer()
        self._tell_nobody_answers()
        self._on_answer()

    def _take(self, answer: dict[str, Any]) -> None:
        event = answer.pop("event")
        if event == "ready":
            self.report = answer
        elif event == "first":
            self.has_first = True
        elif event == "ended":
            self.end = answer
        elif event == "answer" and (asked := self._asked.pop(answer.pop("number"), None)):
            with contextlib.suppress(InvalidStateError):  # given up meanwhile
                asked.set_result(answer)

    def _tell_nobody_answers(self) -> None:
        while self._asked:
            _, asked = self._asked.popitem()
            with contextlib.suppress(InvalidStateError):
                asked.set_exception(
                    WorkerGone("The process that computes with torch ended before it answered.")
                )


def _environment() -> dict[str, str]:
    """This process's environment, with the package to be found from any folder."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}


def _own_session() -> dict[str, Any]:
    """A session of its own, so that Ctrl-C in the app's terminal does not reach it."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        return {"creationflags": flags}
    return {"start_new_session": True}
