"""The measured curve of a run as columns of numbers, kept up to date while it trains.

Files that grow or are replaced while they are read are not read twice.
"""

from __future__ import annotations

import math
import threading
from array import array
from pathlib import Path
from typing import Any

import numpy as np

from rnnlab.runs.files import parse_lines, read_json


class JsonlTail:
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


class CachedJson:
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


COLUMNS = (
    "step",
    "epoch",
    "train_loss",
    "epoch_loss",
    "val_loss",
    "val_accuracy",
    "test_loss",
    "test_accuracy",
    "grad_norm",
    "learning_rate",
    "characters_per_second",
    "seconds",
)
_MAX_STEP = 2**53  # beyond which a float skips whole numbers


class Metrics:
    """Reads `metrics.jsonl`, only what is new each time, and keeps the last line of each step."""

    def __init__(self, path: Path) -> None:
        self._lines = JsonlTail(path)
        self._rows = {name: array("d") for name in COLUMNS}
        self._columns: dict[str, np.ndarray] | None = None
        self._lock = threading.Lock()

    def columns(self) -> dict[str, np.ndarray]:
        """One array per column, ordered by step: `step` int64, the others float64 with NaN."""
        with self._lock:
            records, restarted = self._lines.new()
            if restarted:
                self._rows = {name: array("d") for name in COLUMNS}
            for record in records:
                self._add(record)
            if records or restarted or self._columns is None:
                self._columns = _last_of_each_step(self._rows)
            return dict(self._columns)

    def _add(self, record: dict[str, Any]) -> None:
        if as_step(record.get("step")) is not None:
            for name, values in self._rows.items():
                values.append(as_number(record.get(name)))


def as_number(value: Any) -> float:
    """A JSON value as a float; NaN for null and for whatever is no number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def as_step(value: Any) -> int | None:
    """A JSON value as a number that counts something, from 0 on; None when it cannot be one."""
    number = as_number(value)
    return int(number) if 0 <= number < _MAX_STEP else None


def _last_of_each_step(rows: dict[str, array]) -> dict[str, np.ndarray]:
    columns = {name: np.array(values, dtype=np.float64) for name, values in rows.items()}
    newest_first = columns["step"][::-1]
    _, first = np.unique(newest_first, return_index=True)  # sorted by step
    kept = len(newest_first) - 1 - first
    chosen = {name: values[kept] for name, values in columns.items()}
    chosen["step"] = chosen["step"].astype(np.int64)
    for values in chosen.values():
        values.flags.writeable = False  # shared with every reader of this run
    return chosen
