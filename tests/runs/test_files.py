"""Files that are always whole."""

from __future__ import annotations

import json
import math
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.runs.files import (
    append_line,
    end_half_line,
    json_bytes,
    parse_lines,
    read_json,
    read_jsonl,
    remove_temporary,
    replace_file,
)
from rnnlab.runs.metrics import CachedJson, JsonlTail


def test_a_reader_never_sees_half_a_replaced_file(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    contents = {bytes([letter]) * 50_000 for letter in b"abc"}
    replace_file(path, b"a" * 50_000)
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            for content in sorted(contents):
                replace_file(path, content)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert all(path.read_bytes() in contents for _ in range(300))
    finally:
        over.set()
        writer.join()
    assert [p.name for p in tmp_path.iterdir()] == ["status.json"]


def test_a_failed_replacement_keeps_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.json"
    replace_file(path, b"old")

    def no_space(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_space)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["config.json"]


def test_leftovers_of_a_kill_are_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "best.safetensors.12-34.tmp").write_bytes(b"half")
    (tmp_path / "best.safetensors").write_bytes(b"whole")
    remove_temporary(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["best.safetensors"]


def test_half_a_last_line_is_forgiven_and_the_next_line_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    append_line(path, {"step": 1})
    with path.open("ab") as file:
        file.write(b'{"step": 2, "tra')
    assert read_jsonl(path) == [{"step": 1}]
    end_half_line(path)
    append_line(path, {"step": 3})
    assert read_jsonl(path) == [{"step": 1}, {"step": 3}]


def test_a_line_of_which_only_a_part_fitted_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write = tmp_path / "metrics.jsonl", os.write
    with monkeypatch.context() as almost_full:
        almost_full.setattr(os, "write", lambda handle, data: write(handle, data[:5]))
        with pytest.raises(OSError, match=r"only 5 of 12 bytes fitted into metrics\.jsonl"):
            append_line(path, {"step": 1})
    assert path.read_bytes() == b'{"ste'


def test_numbers_that_json_does_not_have_become_null() -> None:
    data = json_bytes({"a": math.nan, "b": [math.inf, 1.5], "c": {"d": -math.inf}})
    assert json.loads(data) == {"a": None, "b": [None, 1.5], "c": {"d": None}}


def test_nesting_beyond_reason_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_bytes(b"[" * 100_000)
    with pytest.raises(ValueError, match=r".+"):
        read_json(tmp_path / "status.json")


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read_as_lines(data: bytes) -> None:
    assert all(isinstance(record, dict) for record in parse_lines(data))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.data())
def test_lines_of_a_growing_file_come_once_each_however_they_arrive(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("lines") / "metrics.jsonl"
    whole = b"".join(json_bytes({"step": i, "x": "é" * n}) + b"\n" for i, n in enumerate(sizes))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    lines, steps = JsonlTail(path), []
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        with path.open("ab") as file:
            file.write(whole[start:end])
        records, restarted = lines.new()
        assert not restarted
        steps += [record["step"] for record in records]
    assert steps == list(range(len(sizes)))


def test_lines_of_a_growing_file_notice_that_a_file_began_anew(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    lines = JsonlTail(path)
    append_line(path, {"step": 1})
    append_line(path, {"step": 2})
    assert lines.new() == ([{"step": 1}, {"step": 2}], False)
    path.unlink()
    assert lines.new() == ([], True)
    append_line(path, {"step": 7})
    assert lines.new()[0] == [{"step": 7}]


def test_a_changing_file_is_none_while_it_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "control.json"
    file = CachedJson(path)
    assert file.value() is None
    replace_file(path, b'{"pause": true}')
    assert file.value() == {"pause": True}
    replace_file(path, b'{"pau')
    assert file.value() is None
