"""Plotly's script reaches the folder that the browser loads from."""

from __future__ import annotations

from pathlib import Path

from pages.components.plot import publish_plotly
from rnnlab.figures.transport import plotly_javascript


def test_script_is_copied_once_and_mended_when_it_differs(tmp_path: Path) -> None:
    publish = publish_plotly.__wrapped__
    target = publish(tmp_path / "static")
    assert target.read_bytes() == plotly_javascript().read_bytes()
    written = target.stat().st_mtime_ns
    publish(tmp_path / "static")
    assert target.stat().st_mtime_ns == written
    target.write_text("half a scri")
    assert publish(tmp_path / "static").read_bytes() == plotly_javascript().read_bytes()
    assert [path.name for path in target.parent.iterdir()] == ["plotly.min.js"]
