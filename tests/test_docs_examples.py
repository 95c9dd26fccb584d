"""The examples of the documents run as they are written, but for how long they train."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

import rnnlab
from rnnlab.api import TrainedNetwork
from tests.conftest import ROOT

QUICK = {"budget": 20, "budget_unit": "steps", "hidden_size": 8, "engine": "numpy"}


def examples(path: Path) -> str:
    """All Python blocks of a document, one after another."""
    return "\n".join(re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.S))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What the examples ask for; `train` makes a few steps, in a store of its own."""
    calls: list[dict[str, Any]] = []
    train: Callable[..., TrainedNetwork] = rnnlab.train

    def quick(*start: Any, **settings: Any) -> TrainedNetwork:
        calls.append(settings)
        return train(*start, **{**settings, **QUICK})

    monkeypatch.setattr(rnnlab, "train", quick, raising=False)
    monkeypatch.setattr(go.Figure, "show", lambda figure: calls.append({"shown": figure}))
    (tmp_path / "gallery").symlink_to(ROOT / "checkpoints" / "gallery")
    monkeypatch.setenv("RNNLAB_RUNS", str(tmp_path))
    monkeypatch.setenv("RNNLAB_DATA", str(ROOT / "data"))
    return calls


def test_the_examples_of_the_api(
    asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    code = examples(ROOT / "docs" / "api.md")
    exec(compile(code, "docs/api.md", "exec"), {})
    assert len(asked) == code.count("rnnlab.train(") == 2
    printed = capsys.readouterr().out
    assert "('h', 'c', 'i', 'f', 'g', 'o')" in printed
    assert "(1, 19, 128)" in printed
    assert "<TrainedNetwork gallery/play-lstm" in printed


def test_the_five_lines_of_the_readme(asked: list[dict[str, Any]]) -> None:
    found: dict[str, Any] = {}
    exec(compile(examples(ROOT / "README.md"), "README.md", "exec"), found)
    trained, shown = asked
    assert trained == {
        "corpus": "play",
        "cell": "lstm",
        "hidden_size": 64,
        "budget": 30,
        "budget_unit": "seconds",
    }
    assert shown["shown"].data[0].z.shape == (8, len("To be, or not to be"))
    assert found["net"].config.cell == "lstm"
