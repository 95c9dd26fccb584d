"""What all tests share: the corpora of the developers, where they are."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from rnnlab.text.corpora.library import ENVIRONMENT, CorpusLibrary

ROOT = Path(__file__).parent.parent
# Every skip for want of corpora ends with these words, by which the hook below knows it.
WANT_OF_CORPORA = f"set {ENVIRONMENT} to a folder that holds the corpora"

# The relevant minute, `pytest -m fast`: what the core computes, without processes and pages.
FAST = ("text", "network", "training", "inspection", "figures", "experiments", "runs")
SLOW = (
    "runs/jobs",
    "runs/test_kills.py",
    "runs/test_several_apps.py",
    "runs/test_full_disk.py",
)

# On a busy machine any example may take long; the timeout of pytest is the limit of a test.
settings.register_profile("rnnlab", deadline=None)
settings.load_profile("rnnlab")


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder that RNNLAB_CORPORA names; without the variable, the test is skipped."""
    named = os.environ.get(ENVIRONMENT)
    if not named:
        pytest.skip(f"needs real texts: {WANT_OF_CORPORA}")
    folder = Path(named)
    assert (folder / "tinyshakespeare.txt").is_file(), f"no corpora in {folder} ({ENVIRONMENT})"
    return folder


@pytest.fixture(scope="session")
def library(corpora: Path) -> CorpusLibrary:
    """The library of this checkout, with the real texts at hand."""
    return CorpusLibrary(ROOT / "data", corpora)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what belongs to the relevant minute."""
    for item in items:
        path = item.path.as_posix().removeprefix(f"{(ROOT / 'tests').as_posix()}/")
        is_slow = path.startswith(SLOW) or item.get_closest_marker("thorough")
        if path.startswith(tuple(f"{folder}/" for folder in FAST)) and not is_slow:
            item.add_marker(pytest.mark.fast)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With RNNLAB_CORPORA set, a test that skips for want of corpora has failed."""
    report = yield
    if report.skipped and os.environ.get(ENVIRONMENT) and ENVIRONMENT in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"{ENVIRONMENT} is set, but the test was skipped: {report.longrepr}"
    return report
