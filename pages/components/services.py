"""The stores that the pages of this app work on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rnnlab.folders import data_folder, runs_folder
from rnnlab.runs.jobs.manager import JobManager, job_manager
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary


def store() -> RunStore:
    """The runs of this app."""
    return _store(runs_folder())


def library() -> CorpusLibrary:
    """The corpora of this app."""
    return _library(data_folder())


def jobs() -> JobManager:
    """What starts, pauses and stops the training processes of this app.

    One for all sessions of this process, and not a cached resource, which any user could clear.
    """
    return job_manager(runs_folder(), data_folder())


@cache
def _store(root: Path) -> RunStore:
    return RunStore(root)


@cache
def _library(root: Path) -> CorpusLibrary:
    return CorpusLibrary(root)
