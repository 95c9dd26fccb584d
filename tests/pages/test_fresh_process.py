"""What a process that has just started shows, and what it does not load."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT, serve


@pytest.mark.parametrize("store", ["empty", "with runs", "as it ships"])
def test_all_pages_are_rendered_without_torch(store: str, trained: Path, tmp_path: Path) -> None:
    runs = trained if store == "with runs" else tmp_path / "runs"
    if store == "as it ships":
        shutil.copytree(ROOT / "checkpoints" / "gallery", runs / "gallery")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "pages" / "render_all.py")],
        cwd=ROOT,
        env={**os.environ, "RNNLAB_RUNS": str(runs), "RNNLAB_DATA": str(ROOT / "data")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["problems"] == {page: [] for page in found["problems"]}
    assert len(found["problems"]) >= 13
    assert found["torch"] is False


def test_the_app_answers_soon_after_its_start(tmp_path: Path) -> None:
    """Generous for a busy machine; the benchmark `app/health` measures it."""
    (tmp_path / "runs").mkdir()
    with serve(tmp_path / "runs", ROOT / "data") as server:  # fails after 30 s without an answer
        assert server.process.poll() is None
