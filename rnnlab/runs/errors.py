"""What can go wrong with a run, each with a sentence for the person at the screen."""

from __future__ import annotations


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
