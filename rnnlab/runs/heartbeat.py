"""The status of a run under training, with a sign of life about once a second."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any

from rnnlab.runs.processes import this_process
from rnnlab.runs.recorder import Recorder, Superseded

INTERVAL = 1.0  # seconds


class Heartbeat:
    """Keeps `status.json` fresh from a thread of its own, so that one long update is no silence.

    Use as a context manager. Numbers are noted by `note` and reach the file with the next beat;
    a change of state is written at once by `announce`.
    """

    def __init__(self, recorder: Recorder, status: dict[str, Any]) -> None:
        process = this_process()
        who = {"attempt": recorder.attempt, **process.to_json()}
        self._status = {**status, **who, "beat": time.time()}
        self._recorder = recorder
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self.announce()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def note(self, **changes: Any) -> None:
        """Remember new values for the next beat.

        Raises:
            Superseded: the run was taken over.
            OSError: the last beat could not be written.
        """
        with self._lock:
            self._status.update(changes)
            if self._trouble is not None:
                trouble, self._trouble = self._trouble, None
                raise trouble

    def announce(self, **changes: Any) -> None:
        """Write new values at once; raises as `Recorder.status` does."""
        with self._lock:
            self._status.update(changes, beat=time.time())
            self._recorder.status(self._status)

    def announce_in_need(self, **changes: Any) -> bool:
        """Write the last word, on a full disk too; False when even that is impossible."""
        try:
            self.announce(**changes)
        except OSError:
            try:
                self._recorder.status_on_a_full_disk(self._status)
            except OSError:
                return False
        return True

    def _beat(self) -> None:
        while not self._over.wait(INTERVAL):
            try:
                self.announce()
            except (OSError, Superseded) as error:
                self._trouble = error  # the training thread hears of it at its next note
