"""A manager of an empty store, for tests of training processes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from rnnlab.runs.errors import RunError
from rnnlab.runs.jobs.manager import JobManager


@pytest.fixture(scope="module")
def _module_manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobManager]:
    """One manager for the tests of a module, without a spare, which takes seconds to get ready."""
    folder = tmp_path_factory.mktemp("manager")
    made = JobManager(folder / "checkpoints", folder / "data", keep_spare=False)
    yield made
    made.close()


@pytest.fixture
def manager(_module_manager: JobManager) -> Iterator[JobManager]:
    """A manager with no run under training, before and after."""
    yield _module_manager
    for run in _module_manager.store.runs():
        with contextlib.suppress(RunError):
            _module_manager.stop(run.id)
