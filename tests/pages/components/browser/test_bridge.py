"""Scripts reach the folder that the browser loads from."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.components.browser import bridge
from rnnlab.figures.transport import plotly_javascript


def test_scripts_are_copied_once_and_mended_when_they_differ(tmp_path: Path) -> None:
    publish, folder = bridge.publish.__wrapped__, tmp_path / "static"
    expected = {
        "plotly.min.js": plotly_javascript().read_text(encoding="utf-8"),
        "rnnlab-plot.js": bridge.read_files("browser/load_plotly.js", "browser/plot.js"),
    }
    publish(folder)
    written = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert set(written) == set(expected)
    publish(folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == written
    for name in expected:
        (folder / name).write_text("half a scri")
    publish(folder)
    assert {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()} == expected


def test_a_changed_script_has_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    before = bridge.loader()
    assert before == bridge.loader()
    monkeypatch.setattr(bridge, "_plot_script", lambda: b"something else")
    assert bridge.loader() != before


def test_what_travels_with_each_message_is_short() -> None:
    assert len(bridge.loader()) < 1000
