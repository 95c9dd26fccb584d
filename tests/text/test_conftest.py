"""The promise about skips: none for want of corpora once a folder is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEST = """
from pathlib import Path
def test_reads_a_corpus(corpora: Path) -> None:
    assert corpora.is_dir()
"""
SKIPPING_TEST = """
import pytest
def test_skips_by_itself() -> None:
    pytest.skip("set RNNLAB_CORPORA to a folder that holds the corpora")
"""


def outcome(tmp_path: Path, body: str, environment: dict[str, str]) -> str:
    """Last line of pytest for one test file, run under the project's conftest."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text("utf-8"), "utf-8")
    (tmp_path / "test_one.py").write_text(body, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(
        [*command, f"--rootdir={tmp_path}"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize("body", [TEST, SKIPPING_TEST])
def test_without_corpora_the_test_is_skipped(tmp_path: Path, body: str) -> None:
    assert outcome(tmp_path, body, {}).startswith("1 skipped")


def test_with_an_empty_folder_named_the_test_is_an_error(tmp_path: Path) -> None:
    assert outcome(tmp_path, TEST, {"RNNLAB_CORPORA": str(tmp_path)}).startswith("1 error")


def test_with_a_folder_named_a_skip_for_want_of_corpora_is_a_failure(tmp_path: Path) -> None:
    assert "1 failed" in outcome(tmp_path, SKIPPING_TEST, {"RNNLAB_CORPORA": str(tmp_path)})
