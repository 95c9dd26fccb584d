"""Files that are always whole: replaced at once, or appended to by whole lines.

Each file of a run has one writer, which either replaces it or appends to it, and any number of
readers, which may look at any moment. A reader therefore sees the old content or the new one,
never half of it, apart from the last line of an appended file after a kill or on a full disk.
"""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPORARY = ".tmp"
_REPLACE_ATTEMPTS = 40


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in place of whatever `path` held; a reader sees the old or the new content.

    Raises:
        OSError: the disk is full or the folder cannot be written; the old content is still there.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
        _move_over(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _move_over(source: Path, target: Path) -> None:
    for attempt in range(_REPLACE_ATTEMPTS):
        try:
            source.replace(target)
            return
        except PermissionError:  # Windows refuses while a reader holds the file open
            if os.name != "nt" or attempt == _REPLACE_ATTEMPTS - 1:
                raise
            time.sleep(0.025)


def remove_temporary(folder: Path) -> None:
    """Clear away what a killed process left half-written in a folder."""
    for leftover in folder.glob(f"*{TEMPORARY}"):
        leftover.unlink(missing_ok=True)


def json_bytes(value: Any, indent: int | None = None) -> bytes:
    """JSON as UTF-8 for a file; NaN and infinities become null, which JSON has no number for."""
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, indent=indent)
    return text.encode("utf-8", "replace")


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def replace_json(path: Path, value: Any) -> None:
    """Put `value` as JSON in place of whatever `path` held."""
    replace_file(path, json_bytes(value, indent=1))


def append_line(path: Path, record: Mapping[str, Any]) -> None:
    """Add one line of JSON in a single write.

    Raises:
        OSError: the line could not be written in full.
    """
    line = json_bytes(record) + b"\n"
    binary = getattr(os, "O_BINARY", 0)  # Windows would turn the line end into two characters
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | binary, 0o644)
    try:
        written = os.write(handle, line)
    finally:
        os.close(handle)
    if written != len(line):
        raise OSError(f"only {written} of {len(line)} bytes fitted into {path.name}")


def end_half_line(path: Path) -> None:
    """Close a line that a kill cut off, so that the next one starts afresh and can be read."""
    if path.exists() and path.stat().st_size:
        with path.open("rb+") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")


def read_json(path: Path) -> Any:
    """The value in a JSON file.

    Raises:
        OSError: no such file.
        ValueError: not JSON; nesting beyond reason counts as that.
    """
    try:
        return json.loads(path.read_bytes().decode("utf-8"))
    except RecursionError:
        raise ValueError(f"{path.name} is nested too deeply") from None


def parse_lines(data: bytes) -> list[dict[str, Any]]:
    """The JSON objects in whole lines of `data`; what cannot be read is passed over."""
    records = []
    for line in data.splitlines():
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            records.append(record)
    return records


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines; [] without the file, half a last line is left out."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return parse_lines(data)
