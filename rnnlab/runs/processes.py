"""Which process is meant by a number on disk, and whether it is alive.

A process number alone says little: numbers are used again, and a killed child that its parent
has not yet asked about (a zombie) still answers signals. So a process is named by machine,
number and the time it was created, and a zombie counts as dead.
"""

from __future__ import annotations

import functools
import os
import platform
from dataclasses import asdict, dataclass
from typing import Any

import psutil

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
