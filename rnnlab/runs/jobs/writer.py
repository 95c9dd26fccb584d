"""Writes the files of a run under training while its lease is the newest, and its heartbeat.

What each file is for and who else reads it is said where it is read, in `run.py`. The heartbeat
is the status with a sign of life about once a second, from a thread of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from rnnlab.runs import leases
from rnnlab.runs.files import append_line, end_half_line, json_bytes, remove_temporary, replace_file
from rnnlab.runs.leases import this_process
from rnnlab.runs.weights import SUFFIX, ResumePoint, write_resume_point, write_weights

_APPENDED = ("metrics.jsonl", "samples.jsonl", "events.jsonl")


class Superseded(Exception):  # noqa: N818 - a reason to leave, not an error
    """Another process trains this run now, or its folder is gone: leave without a word."""


class RunWriter:
    """Writes the files of one run for one attempt.

    Each method looks first whether the attempt is still the newest.
    Raises:
        Superseded: it is not.
        OSError: the disk is full; what was there before is untouched.
    """

    def __init__(self, folder: Path, attempt: int) -> None:
        self.folder = folder
        self.attempt = attempt

    def check(self) -> None:
        """Leave with `Superseded` unless this attempt may still write."""
        if not leases.is_newest(self.folder, self.attempt):
            raise Superseded

    def tidy(self) -> None:
        """Make good what a killed predecessor left: half lines and temporary files."""
        self.check()
        (self.folder / "weights").mkdir(exist_ok=True)
        remove_temporary(self.folder)
        remove_temporary(self.folder / "weights")
        for name in _APPENDED:
            end_half_line(self.folder / name)

    def line(self, name: str, record: Mapping[str, Any]) -> None:
        """Append to `metrics.jsonl`, `samples.jsonl` or `events.jsonl`."""
        self.check()
        append_line(self.folder / name, record)

    def status(self, status: Mapping[str, Any]) -> None:
        """Replace `status.json`."""
        self.check()
        replace_file(self.folder / "status.json", json_bytes(status, indent=1))

    def status_on_a_full_disk(self, status: Mapping[str, Any]) -> None:
        """Write `status.json` over itself, which needs no new space on most disks.

        A reader may catch it half-written; that is the price of telling anything at all.
        """
        self.check()
        with (self.folder / "status.json").open("r+b") as file:
            file.write(json_bytes(status))
            file.truncate()

    def results(self, results: Mapping[str, Any]) -> None:
        """Store in `results.json` what was measured at the end, unless there is nothing."""
        self.check()
        if results:
            replace_file(self.folder / "results.json", json_bytes(results, indent=1))

    def symbols(self, vocabulary: list[str], labels: list[str]) -> None:
        """Store, once, the characters it reads and the labels it chooses between, if any."""
        self.check()
        for name, symbols in {"labels.json": labels, "vocabulary.json": vocabulary}.items():
            if symbols and not (self.folder / name).exists():
                replace_file(self.folder / name, json_bytes(symbols))

    def weights(self, name: str, params: Mapping[str, np.ndarray], *, half: bool = False) -> None:
        """Store weights under a step's number, "best" or "last"; never any that are not finite."""
        self.check()
        if all(np.isfinite(value).all() for value in params.values()):
            write_weights(self.folder / "weights" / f"{name}{SUFFIX}", params, half=half)

    def resume_point(self, point: ResumePoint) -> None:
        """Replace the point from which the run can go on."""
        self.check()
        write_resume_point(self.folder, point)

    def forget_resume_point(self) -> None:
        """Give back the space of a point from which nothing is left to do."""
        self.check()
        (self.folder / "resume.safetensors").unlink(missing_ok=True)

    def written(self, text: str) -> None:
        """Store what the network wrote itself."""
        self.check()
        replace_file(self.folder / "written.txt", text.encode("utf-8", "replace"))


BEAT_EVERY = 1.0  # seconds


class Heartbeat:
    """Keeps `status.json` fresh from a thread of its own, so that one long update is no silence.

    Use as a context manager. Numbers are noted by `note` and reach the file with the next beat;
    a change of state is written at once by `announce`.
    """

    def __init__(self, writer: RunWriter, status: dict[str, Any]) -> None:
        process = this_process()
        who = {"attempt": writer.attempt, **process.to_json()}
        self._status = {**status, **who, "beat": time.time()}
        self._writer = writer
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
        """Write new values at once; raises as `RunWriter.status` does."""
        with self._lock:
            self._status.update(changes, beat=time.time())
            self._writer.status(self._status)

    def write_despite_full_disk(self, **changes: Any) -> bool:
        """Write the last word, on a full disk too; False when even that is impossible."""
        try:
            self.announce(**changes)
        except OSError:
            try:
                self._writer.status_on_a_full_disk(self._status)
            except OSError:
                return False
        return True

    def _beat(self) -> None:
        while not self._over.wait(BEAT_EVERY):
            try:
                self.announce()
            except (OSError, Superseded) as error:
                self._trouble = error  # the training thread hears of it at its next note
