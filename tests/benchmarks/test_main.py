"""The command that measures: which rows it takes, and what it prints of them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.row import Row
from benchmarks.rows import ROWS


def made_up(name: str) -> Row:
    return Row(name, 1234.5, "characters/s", "a peer", 617.25, {"runs": 3})


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows that take no time, instead of all others."""
    for name in list(ROWS):
        monkeypatch.delitem(ROWS, name)
    for name in ("write/fast", "read/fast"):
        monkeypatch.setitem(ROWS, name, lambda name=name: made_up(name))


def test_a_row_that_does_not_exist_is_refused_with_those_that_do() -> None:
    answer = CliRunner().invoke(main, ["nope"])
    assert answer.exit_code == 2
    assert "There is no row 'nope'; the rows are write/fast, read/fast." in answer.stderr
    assert answer.stdout == ""


def test_named_rows_are_measured_and_no_others() -> None:
    answer = CliRunner().invoke(main, ["read/fast"])
    assert answer.exit_code == 0
    assert [line.split() for line in answer.stdout.splitlines()] == [
        ["ROW", "VALUE", "UNIT", "PEER", "PEER", "VALUE"],
        ["read/fast", "1234", "characters/s", "a", "peer", "617.2"],
    ]
    assert answer.stderr == "Measuring read/fast …\n"


def test_without_a_name_all_rows_are_one_json_object() -> None:
    answer = CliRunner().invoke(main, ["--json"])
    found = json.loads(answer.stdout.splitlines()[-1])["rows"]
    assert [row["name"] for row in found] == ["write/fast", "read/fast"]
    assert found[0] == {
        "name": "write/fast",
        "value": 1234.5,
        "unit": "characters/s",
        "peer": "a peer",
        "peer_value": 617.25,
        "details": {"runs": 3},
    }
