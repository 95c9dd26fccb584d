"""A manager of an empty store, for tests of training processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rnnlab.runs.jobs import JobManager


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[JobManager]:
    """A manager of an empty store; its workers have left when the test is over."""
    made = JobManager(tmp_path / "checkpoints", tmp_path / "data")
    yield made
    made.close()
