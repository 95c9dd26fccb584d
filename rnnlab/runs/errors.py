"""What can go wrong with a run or with training, each as one sentence for the reader."""

from __future__ import annotations

import contextlib
import errno
import re
from collections.abc import Iterator


class RunError(ValueError):
    """Something about a run is not possible; the message says what and what to do."""


class RunNotFound(RunError):  # noqa: N818 - reads as the sentence it carries
    """There is no run of that name in this store."""


class BrokenRun(RunError):  # noqa: N818 - reads as the sentence it carries
    """A run's folder is there, but its files cannot be read."""


class RunBusy(RunError):  # noqa: N818 - reads as the sentence it carries
    """The run is being trained, or waits in a queue, so this cannot be done to it now."""


class ArchiveError(RunError):
    """A zip is not a run that can be loaded safely."""


class WorkerGone(RunError):  # noqa: N818 - reads as the sentence it carries
    """A process ended before it answered."""


class StorageError(OSError):
    """The disk is full or does not let us write; the message is a sentence for the user."""


_MEMORY = re.compile("out of memory|can(no|')t allocate memory", re.IGNORECASE)  # torch's words
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_full_disk(error: BaseException) -> bool:
    """Whether a write failed for want of space."""
    return isinstance(error, OSError) and error.errno in _NO_SPACE


def user_message(error: BaseException) -> str:
    """An error as one sentence that says what happened and what to do."""
    if is_full_disk(error):
        return (
            "The disk is full, so training stopped; all that was written before is kept. Free "
            "some space, then resume."
        )
    if isinstance(error, MemoryError) or _MEMORY.search(str(error)):
        return (
            "The computer ran out of memory; use fewer hidden units, a shorter sequence or a "
            "smaller batch."
        )
    if isinstance(error, ValueError) and type(error) is not ValueError:
        return str(error)  # one of the project's own errors, which speak in sentences
    if isinstance(error, OSError):
        return f"A file could not be read or written: {error}."
    return (
        f"Training ended with an unexpected error ({type(error).__name__}: "
        f"{_first_line(error)}); worker.log in the run's folder has the details."
    )


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "no message")[:200]


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what the file system complains about into a sentence.

    Raises:
        StorageError: something could not be written.
    """
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        if is_full_disk(error):
            raise StorageError("The disk is full; free some space and try again.") from error
        raise StorageError(
            f"The lab could not write where it keeps its runs: {error}. Check the folder's "
            "permissions, and that no other program holds its files open."
        ) from error
