"""The command line, called as from a shell, and small trained runs to call it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rnnlab.__main__ import main
from rnnlab.runs.store import RunStore
from tests.pages.conftest import ROOT, TINY, train


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """The last line."""
        assert self.status == 0, self.err
        return json.loads(self.out.splitlines()[-1])


Call = Callable[..., Answer]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    """Two runs trained by the engine without torch: on prose, and on a list."""
    store = RunStore(tmp_path_factory.mktemp("store"))
    train(store, TINY.replace(train_share=0.9, validation_share=0.1), "prose")
    items = {"corpus": "dinosaurs", "batching": "items", "max_characters": 0}
    train(store, TINY.replace(**items), "names")
    return store


@pytest.fixture
def call(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("runs", "--json")`: a command in this process, with these runs."""
    monkeypatch.setenv("RNNLAB_RUNS", str(store.root))
    monkeypatch.setenv("RNNLAB_DATA", str(ROOT / "data"))

    def called(*arguments: object) -> Answer:
        result = CliRunner().invoke(main, [str(a) for a in arguments], prog_name="rnnlab")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return Answer(result.exit_code, result.stdout, result.stderr)

    return called


@pytest.fixture
def prose(store: RunStore) -> str:
    """Id of the run on prose, which has no test part."""
    return next(run.id for run in store.runs() if run.name == "prose")


@pytest.fixture
def names(store: RunStore) -> str:
    """Id of the run on a list of names."""
    return next(run.id for run in store.runs() if run.name == "names")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A store whose only run has a config that cannot be read."""
    folder = tmp_path / "broken" / "lstm-8-play-aaaaaa"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"format": 1, ')
    return folder.parent
