"""The folder of all runs: making, listing, renaming and deleting runs in it."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rnnlab.folders import INSTALLED
from rnnlab.runs.errors import BrokenRun, RunBusy, RunError, RunNotFound, storage_errors
from rnnlab.runs.files import json_bytes, read_json, replace_json
from rnnlab.runs.run import Run, config_json
from rnnlab.training.config import RunConfig

SCRATCH = "scratch"
GALLERY = "gallery"
LABS = "labs"
SHIPPED = (GALLERY, LABS)
NAME_LIMIT = 120  # characters
NOTE_LIMIT = 4000

_ID = re.compile(r"(?:(?:scratch|gallery|labs)/)?[a-z0-9][a-z0-9-]{0,99}")
_FOLDERS = (SCRATCH, *SHIPPED)
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # without those that look alike


class RunStore:
    """All runs under one root folder, such as `checkpoints/`.

    Runs lie in the root, scratch runs in `scratch/`, and the read-only runs that ship with the
    lab in `gallery/`, those of its experiments in `labs/`; an id is the path below the root. Where
    the root has no `gallery/`, an installed package lends its own. May be used from several
    threads.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root).resolve()
        self._opened: dict[str, tuple[Any, Run]] = {}
        self._lock = threading.Lock()

    def create(
        self,
        config: RunConfig,
        *,
        name: str,
        note: str = "",
        corpus_sha256: str = "",
        scratch: bool = False,
    ) -> Run:
        """Make the folder of a new run, which is not trained yet.

        Args:
            corpus_sha256: of the text, when known; training then refuses another text.
            scratch: make it a scratch run.
        Raises:
            RunError: the name is too long.
            StorageError: the disk is full or the root cannot be written.
        """
        _check_length(name)
        run_id = new_id(config, scratch=scratch)
        run = self.add(
            run_id,
            {
                "config.json": json_bytes(config_json(config, corpus_sha256), indent=1),
                "request.json": json_bytes(request_json(name or run_id, note), indent=1),
            },
        )
        if scratch:
            self.keep_latest_scratch()
        return run

    def add(self, run_id: str, files: Mapping[str, bytes]) -> Run:
        """Make a run's folder from what is to be in it; nobody sees it before it is complete.

        Args:
            files: content by path below the folder, which the caller vouches for.
        Raises:
            StorageError: the disk is full or the root cannot be written.
        """
        folder = self.root / run_id
        building = folder.with_name(f".new-{folder.name}")
        try:
            with storage_errors():
                building.mkdir(parents=True)
                for path, data in files.items():
                    (building / path).parent.mkdir(exist_ok=True)
                    (building / path).write_bytes(data)
                building.rename(folder)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        return self.open(run_id)

    def open(self, run_id: str) -> Run:
        """The run of that id; asking again is cheap and gives the same object.

        Raises:
            RunNotFound: no such run, or no possible id.
            BrokenRun: it is there, but what it is cannot be read.
        """
        folder = self._folder(run_id)
        try:
            stat = (folder / "config.json").stat()
            version = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except FileNotFoundError:
            version = None
        with self._lock:
            known = self._opened.get(run_id)
            if known and known[0] == version and version is not None:
                return known[1]
        run = Run(run_id, folder, read_only=_is_shipped(run_id))
        with self._lock:
            self._opened[run_id] = (version, run)
        return run

    def _folder(self, run_id: str) -> Path:
        if not isinstance(run_id, str) or not _ID.fullmatch(run_id) or run_id in _FOLDERS:
            raise RunNotFound(f"'{str(run_id)[:60]}' is not the name of a run.")
        folder = self._path(run_id)
        if not folder.is_dir():
            raise RunNotFound(f"There is no run '{run_id}' here; it may have been deleted.")
        return folder

    def _path(self, below: str) -> Path:
        """Where something of that id lies, or would lie."""
        is_lent = below.startswith(f"{GALLERY}/") and not (self.root / GALLERY).is_dir()
        return INSTALLED / below if is_lent and INSTALLED.is_dir() else self.root / below

    def ids(self) -> list[str]:
        """Ids of all folders that look like runs: own ones, scratch ones, those that ship."""
        return [each for place in ("", *(f"{f}/" for f in _FOLDERS)) for each in self._ids(place)]

    def runs(self, *, scratch: bool = False) -> list[Run]:
        """All runs that can be opened, newest first, then the gallery; or the scratch ones."""
        own = self._openable("scratch/" if scratch else "")
        own.sort(key=lambda run: (-run.created, run.id))
        return own if scratch else own + self.gallery()

    def gallery(self) -> list[Run]:
        """The runs that ship with the lab, by name."""
        return sorted(self._openable(f"{GALLERY}/"), key=lambda run: run.id)

    def labs(self) -> list[Run]:
        """The runs of the labs' experiments that ship, by name."""
        return sorted(self._openable(f"{LABS}/"), key=lambda run: run.id)

    def _openable(self, prefix: str) -> list[Run]:
        found = []
        for run_id in self._ids(prefix):
            try:
                found.append(self.open(run_id))
            except (RunError, OSError):
                continue
        return found

    def broken(self) -> list[tuple[str, str]]:
        """Ids of folders that look like runs and cannot be opened, each with the reason."""
        found = []
        for run_id in self.ids():
            try:
                self.open(run_id)
            except BrokenRun as error:
                found.append((run_id, str(error)))
            except (RunError, OSError):
                continue  # deleted this moment
        return found

    def _ids(self, prefix: str) -> Iterator[str]:
        try:
            names = sorted(path.name for path in self._path(prefix).iterdir() if path.is_dir())
        except OSError:
            return
        for name in names:
            if _ID.fullmatch(prefix + name) and prefix + name not in _FOLDERS:
                yield prefix + name

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name; its id stays.

        Raises:
            RunError: no such run, a read-only one, or an empty or too long name.
            StorageError: the disk is full.
        """
        run = self._own(run_id)
        if not clean_name(name):
            raise RunError("A run's name must have at least one visible character.")
        _check_length(name)
        path = run.folder / "request.json"
        try:
            request = read_json(path)
        except (OSError, ValueError):
            request = {}
        known = request if isinstance(request, dict) else {}
        with storage_errors():
            replace_json(path, {**known, "name": clean_name(name)})

    def delete(self, run_id: str) -> None:
        """Remove a run and all it stored; a broken one too.

        Raises:
            RunBusy: it is being trained or waits in a queue.
            RunError: no such run, or a read-only one.
        """
        try:
            if self._own(run_id).is_active:
                raise RunBusy(f"Run '{run_id}' is being trained; stop it before deleting it.")
        except BrokenRun:
            pass
        folder = self._folder(run_id)
        with self._lock:
            self._opened.pop(run_id, None)
        doomed = folder.with_name(f".deleted-{folder.name}-{secrets.token_hex(3)}")
        with storage_errors():
            folder.rename(doomed)  # at once: nobody sees a run with half its files
        shutil.rmtree(doomed, ignore_errors=True)

    def _own(self, run_id: str) -> Run:
        if isinstance(run_id, str) and _is_shipped(run_id):
            raise RunError(f"'{run_id}' ships with the lab and cannot be changed.")
        return self.open(run_id)

    def keep_latest_scratch(self, n: int = 20) -> None:
        """Delete all but the latest `n` scratch runs, never one that is active."""
        for run in self.runs(scratch=True)[n:]:
            try:
                self.delete(run.id)
            except (RunError, OSError):
                continue


def _is_shipped(run_id: str) -> bool:
    return run_id.startswith(tuple(f"{folder}/" for folder in SHIPPED))


def new_id(config: RunConfig, *, scratch: bool = False) -> str:
    """An id that says what the run is, such as "lstm-128-tiny-shakespeare-k3f9x2"."""
    network = config.model if config.model == "window" else config.cell
    what = f"{network}-{config.hidden_size}-{config.corpus}".lower()
    slug = re.sub(r"[^a-z0-9]+", "-", what).strip("-")[:60].rstrip("-")
    ending = "".join(secrets.choice(_LETTERS) for _ in range(6))
    return f"{SCRATCH}/{slug}-{ending}" if scratch else f"{slug}-{ending}"


def request_json(name: str, note: str, **more: Any) -> dict[str, Any]:
    """The content of a `request.json`: what people call a run and say about it."""
    return {
        "name": clean_name(name),
        "note": note[:NOTE_LIMIT],
        "created": time.time(),
        **more,
    }


def clean_name(name: str) -> str:
    """A name for one line: no control characters, at most 120 characters."""
    return _one_line(name)[:NAME_LIMIT]


def _check_length(name: str) -> None:
    """A name that somebody typed is refused when too long; nothing of it is cut off unsaid."""
    length = len(_one_line(name))
    if length > NAME_LIMIT:
        raise RunError(
            f"A run's name has at most {NAME_LIMIT} characters, but this one has {length:,}; "
            "shorten it."
        )


def _one_line(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())
