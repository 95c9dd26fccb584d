"""Files from the internet, kept once they are here, never used unless their checksum fits."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from rnnlab.text.corpora.catalog import Remote, RemoteFile
from rnnlab.text.corpora.corpus import CorpusError

Progress = Callable[[int, int], object]  # bytes so far, bytes in all

_CHUNK = 65_536  # bytes between two reports of progress
_TIMEOUT = 20  # seconds without an answer


def local_file(file: RemoteFile, folders: tuple[Path, ...]) -> Path | None:
    """Where this file already is: the first of the folders that has it."""
    return next((folder / file.path for folder in folders if (folder / file.path).is_file()), None)


def read_checked(path: Path, file: RemoteFile) -> bytes:
    """The bytes of a file that must be the one we know.

    Raises:
        CorpusError: unreadable, or another file than expected.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}.") from None
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        raise CorpusError(
            f"{path} is not the file that RNN Lab knows: its sha256 is {found}, but {file.sha256} "
            f"was expected; remove it, or replace it by {file.address}."
        )
    return data


def fetch(remote: Remote, downloads: Path, missing: list[RemoteFile], progress: Progress) -> None:
    """Fetch the missing files of a corpus; each appears whole and checked, or not at all.

    Args:
        downloads: folder to put them in; made if needed.
        progress: called with bytes so far and bytes in all, of all missing files together.
    Raises:
        CorpusError: no connection, another file than expected, or no room to write.
    """
    total = sum(file.size for file in missing)
    before = 0
    for file in missing:
        target = downloads / file.path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _retrieve(file, target, _Bar(progress, before, file.size, total))
        except (OSError, ValueError) as error:
            _remove_empty(target.parent, downloads)
            raise CorpusError(_failure(remote, file, target, error)) from error
        before += file.size


class _Bar:
    """The progress bar that pooch reports to, passing on to a plain function."""

    def __init__(self, progress: Progress, before: int, size: int, total: int) -> None:
        self.total = 0  # written by pooch: what the server says, compressed or not
        self._progress = progress
        self._done = before
        self._end = before + size
        self._all = total

    def update(self, size: int) -> None:
        """So many more bytes; pooch counts the last, shorter chunk as a whole one."""
        self._done = min(self._done + size, self._end)
        self._progress(self._done, self._all)

    def reset(self) -> None:
        """Called by pooch before it reports the whole file once more."""

    def close(self) -> None:
        """The file is complete."""
        self._progress(self._end, self._all)


def _retrieve(file: RemoteFile, target: Path, bar: _Bar) -> None:
    import pooch  # takes 0.2 s to import, and most starts of the app fetch nothing

    pooch.get_logger().setLevel(logging.WARNING)
    pooch.retrieve(
        file.address,
        known_hash=f"sha256:{file.sha256}",
        fname=target.name,
        path=target.parent,
        downloader=pooch.HTTPDownloader(progressbar=bar, chunk_size=_CHUNK, timeout=_TIMEOUT),
    )


def _remove_empty(folder: Path, downloads: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
        downloads.rmdir()


def _failure(remote: Remote, file: RemoteFile, target: Path, error: Exception) -> str:
    return (
        f"'{remote.title}' could not be fetched ({_reason(error)}); check the connection to the "
        f"internet, or save {file.address} by hand as {target}."
    )


def _reason(error: Exception) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "the server did not answer in time"
    if isinstance(error, requests.RequestException):
        return "no connection to the server"
    if isinstance(error, OSError):
        return f"{error.strerror or error}"
    return "what arrived is not the expected file"
