"""Reading files that grow or change while they are read, without reading them twice."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from rnnlab.runs.files import parse_lines, read_json


class GrowingLines:
    """The JSON lines of a file that another process appends to; reads only what is new.

    A last line without its line end is left for the next call, since it may still be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._inode = 0

    def new(self) -> tuple[list[dict[str, Any]], bool]:
        """Objects added since the last call, and whether the file began anew (or is gone)."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            restarted, self._offset = self._offset > 0, 0
            return [], restarted
        restarted = stat.st_size < self._offset or (self._offset > 0 and stat.st_ino != self._inode)
        if restarted:
            self._offset = 0
        self._inode = stat.st_ino
        if stat.st_size == self._offset:
            return [], restarted
        with self._path.open("rb") as file:
            file.seek(self._offset)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        return parse_lines(whole), restarted


class ChangingJson:
    """A JSON file that is replaced now and then; parsed again only when it was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._value: Any = None
        self._lock = threading.Lock()

    def value(self) -> Any:
        """What the file holds now; None without a file or when it cannot be read."""
        with self._lock:
            try:
                stat = self._path.stat()
                now = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
                if now != self._seen:
                    self._value, self._seen = read_json(self._path), now
            except (OSError, ValueError):
                self._value, self._seen = None, None
            return self._value
