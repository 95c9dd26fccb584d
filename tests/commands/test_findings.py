"""The command that looks for units worth showing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from rnnlab.__main__ import main
from rnnlab.runs.results import stored_findings
from rnnlab.runs.store import RunStore

ROOT = Path(__file__).parents[2]


@pytest.fixture
def runs(tmp_path: Path) -> RunStore:
    shutil.copytree(ROOT / "checkpoints" / "gallery" / "play-lstm", tmp_path / "play")
    (tmp_path / "play" / "finding.json").unlink()
    return RunStore(tmp_path)


def asked(runs: RunStore, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["findings", "play", "--runs", str(runs.root), *options])
    return result.exit_code, result.output


def test_findings_are_told_and_kept_with_the_run(runs: RunStore) -> None:
    code, output = asked(runs, "--feature", "vowel", "--keep", "--json")
    assert code == 0
    (found,) = stored_findings(runs.open("play"))
    assert json.loads(output.splitlines()[-1])["findings"] == [found.to_json()]
    assert found.is_above_chance


def test_an_unknown_feature_is_refused(runs: RunStore) -> None:
    code, output = asked(runs, "--feature", "nose")
    assert code == 2
    assert "no feature 'nose'" in output
    assert stored_findings(runs.open("play")) == []
