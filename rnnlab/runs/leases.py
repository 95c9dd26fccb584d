"""Who may train a run: numbered leases, so that no folder is ever trained by two processes.

Training a run is an *attempt*; resuming it begins another one. Attempt n belongs to whoever
creates the file `claims/<n>` with O_EXCL, which the file system grants to one process only:

1. Whoever wants to train reads the newest number n, makes sure that attempt n is over or its
   worker dead (`Run.status`), and then creates `claims/<n + 1>`. The order matters: a lease that
   another acquires between the first two steps makes the third one fail. Of two tabs, apps or
   machines that do this at once, one succeeds; the others tell their user so. The lease is
   acquired when a run is queued, not when it starts, so a run waits in one queue only.
2. The winner ends what is left of the old worker when it runs on this machine (it may be frozen
   rather than dead), and starts its own.
3. A worker looks before each write whether the lease after its own exists, and leaves without
   another word when it does. That covers the laptop that slept while another machine took over.

Leases are never deleted while the folder lives, so no number is ever given to two workers; only
one that could not be written, on a full disk, is taken back at once. A run waits in a queue as
long as its app renews the lease, that is the file's time, every few seconds. An app that closes
releases the leases of what waits by taking its name off them; the lease of an app that was killed
names a dead process; one in a copied folder, or of another name of the machine, is renewed by
nobody. Such runs do not start by themselves: each is shown as interrupted until a person resumes
it. An app that was only frozen, and wakes up after that, finds itself taken over (3).

A process is named by machine, number and the time it was created, since numbers are used again; a
killed child that its parent has not yet asked about (a zombie) still answers signals, and counts
as dead.
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from rnnlab.runs.files import json_bytes, read_json, replace_file

_SAME_CREATION = 2.0  # seconds; clocks are set while processes run


@dataclass(frozen=True)
class ProcessName:
    """One process on one machine."""

    host: str
    pid: int
    created: float  # seconds since 1970

    def to_json(self) -> dict[str, Any]:
        """Plain data for a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> ProcessName | None:
        """The process that `to_json` wrote; None when `data` names none."""
        try:
            name = cls(str(data["host"]), int(data["pid"]), float(data["created"]))
        except (TypeError, KeyError, ValueError, OverflowError):
            return None
        return name if 0 < name.pid < 2**31 else None

    @property
    def is_here(self) -> bool:
        """Whether it is, or was, a process of this machine."""
        return self.host == platform.node()

    def is_alive(self) -> bool:
        """Whether this very process runs on this machine now."""
        return self._process() is not None

    def kill(self, patience: float = 5.0) -> None:
        """End it at once and wait until it is gone.

        Raises:
            OSError: it is still there after `patience` seconds, or may not be ended by this user.
        """
        process = self._process()
        if process is None:
            return
        try:
            process.kill()
            process.wait(patience)
        except psutil.NoSuchProcess:
            return
        except (psutil.TimeoutExpired, psutil.AccessDenied):
            if self.is_alive():  # a zombie is as good as gone, though waiting for it may time out
                raise OSError(f"process {self.pid} could not be ended") from None

    def _process(self) -> psutil.Process | None:
        if not self.is_here:
            return None
        try:
            process = psutil.Process(self.pid)
        except psutil.NoSuchProcess:
            return None
        try:
            same = abs(process.create_time() - self.created) < _SAME_CREATION
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None
        except psutil.AccessDenied:  # there, but of another user: not ours to call dead
            return process


@functools.cache
def this_process() -> ProcessName:
    """The process that asks."""
    return ProcessName(platform.node(), os.getpid(), psutil.Process().create_time())


RENEWED_EVERY = 5.0  # seconds
SILENT = 30.0  # seconds without renewal after which nobody holds a lease
_BEING_WRITTEN = 5.0  # seconds in which a lease may be empty: created, content still to come


@dataclass(frozen=True)
class Lease:
    """The right to one attempt at training a run."""

    number: int  # attempts count from 1; 0 stands for none yet
    owner: ProcessName | None = None  # the app that has it in its queue; None when released
    renewed: float = 0.0  # seconds since 1970

    def is_held(self) -> bool:
        """Whether the app that made the lease still means to train the run."""
        if self.owner is None or not _is_recent(self.renewed, SILENT):
            return False
        return not self.owner.is_here or self.owner.is_alive()


def newest_number(folder: Path) -> int:
    """The number of the newest attempt at a run; 0 before the first."""
    try:
        names = os.listdir(folder / "claims")  # noqa: PTH208 - names only, called often
    except FileNotFoundError:
        return 0
    return max((int(name) for name in names if name.isascii() and name.isdigit()), default=0)


def is_newest(folder: Path, number: int) -> bool:
    """Whether attempt `number` may still write: the folder is there and nobody took it over."""
    numbered = folder / "claims"
    return (numbered / str(number)).exists() and not (numbered / str(number + 1)).exists()


def newest_lease(folder: Path) -> Lease:
    """The newest lease to a run, number 0 when there is none."""
    number = newest_number(folder)
    return read_lease(folder, number) if number else Lease(0)


def read_lease(folder: Path, number: int) -> Lease:
    """One lease; an unreadable one counts as released, unless it is being written just now."""
    path = folder / "claims" / str(number)
    try:
        data: Any = read_json(path)
        return Lease(number, ProcessName.from_json(data["owner"]), _modified(path))
    except (OSError, ValueError, TypeError, KeyError):
        modified = _modified(path)
        return Lease(
            number, _somebody() if _is_recent(modified, _BEING_WRITTEN) else None, modified
        )


def acquire(folder: Path, number: int, owner: ProcessName) -> bool:
    """Acquire the lease of attempt `number`; False when somebody else has it already.

    Raises:
        OSError: the disk is full, or the folder cannot be written or is gone; nothing is leased.
    """
    (folder / "claims").mkdir(exist_ok=True)
    path = folder / "claims" / str(number)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json_bytes({"owner": owner.to_json()}))
    except OSError:
        with contextlib.suppress(OSError):  # Windows refuses while a reader holds the file open
            path.unlink()  # no worker was promised this number
        raise
    return True


def renew(folder: Path, number: int) -> None:
    """Say that the run is still in the queue; called by the lease's owner only.

    Raises:
        OSError: the folder is gone or cannot be written.
    """
    os.utime(folder / "claims" / str(number))


def release(folder: Path, number: int) -> None:
    """Leave a queued run to whoever resumes it; called by the lease's owner only."""
    replace_file(folder / "claims" / str(number), json_bytes({"owner": None}))


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _is_recent(modified: float, seconds: float) -> bool:
    return abs(time.time() - modified) < seconds  # also when the clock was set back


def _somebody() -> ProcessName:
    return ProcessName("", 1, 0.0)  # on no machine of that name: taken to be alive
