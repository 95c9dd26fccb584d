"""Labs for the tests of pages: one with nothing in it, and one with small finished runs."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import services
from rnnlab.runs import leases
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.jobs.trainer import Attempt
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import ENVIRONMENT
from rnnlab.training.config import RunConfig

ROOT = Path(__file__).parents[2]
TINY = RunConfig(
    corpus="play",
    max_characters=20_000,
    cell="lstm",
    hidden_size=12,
    embedding_size=4,
    batch_size=4,
    seq_length=16,
    budget=30,
    budget_unit="steps",
    engine="numpy",
)

OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three finished runs, one of them in the gallery and one thrown away."""
    store = RunStore(tmp_path_factory.mktemp("trained"))
    train(store, TINY, "An LSTM on the play")
    train(store, TINY.replace(cell="gru", corpus="reber", seed=2), "A GRU on Reber's grammar")
    train(store, TINY.replace(hidden_size=8), "throw me away", scratch=True)
    gallery = train(store, TINY.replace(cell="rnn_tanh", embedding_size=0), "Gallery: tanh RNN")
    (store.root / "gallery").mkdir()
    gallery.folder.rename(store.root / "gallery" / "tanh-rnn")
    return store.root


def train(store: RunStore, config: RunConfig, name: str, *, scratch: bool = False) -> Run:
    """Make a run and train it here and now, with the engine that needs no torch."""
    run = store.create(config, name=name, scratch=scratch)
    leases.acquire(run.folder, 1, this_process())
    attempt = Attempt(run, 1, ROOT / "data", threading.Event(), on_first=lambda: None)
    assert attempt.carry_out()["state"] == "finished"
    attempt.write_final_sample()
    return run


@pytest.fixture
def empty_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A lab as it is without a gallery: no runs, and only the corpora that ship. Its folder.

    It keeps no spare worker, which would cost each test the seconds and the memory of torch.
    """
    (tmp_path / "data").mkdir()
    for name in ("play.txt", "dinosaurs.txt"):
        shutil.copy(ROOT / "data" / name, tmp_path / "data" / name)
    monkeypatch.setenv("RNNLAB_RUNS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("RNNLAB_DATA", str(tmp_path / "data"))
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    jobs = JobManager(tmp_path / "checkpoints", tmp_path / "data", keep_spare=False)
    monkeypatch.setattr(services, "job_manager", lambda *_: jobs)
    yield tmp_path
    jobs.close()


@pytest.fixture
def small_lab(empty_lab: Path, trained: Path) -> RunStore:
    """The store of a lab with the small runs."""
    shutil.copytree(trained, empty_lab / "checkpoints", dirs_exist_ok=True)
    return RunStore(empty_lab / "checkpoints")


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is started waits in the queue: no test of the page needs a training process."""
    monkeypatch.setattr(JobManager, "_start", lambda self: None)


@pytest.fixture
def open_page() -> OpenPage:
    """Opens a page of the app, such as `open_page("runs", run="…")`; what follows ? by keyword."""

    def opened(page: str, **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception[0].message
        return app

    return opened


def said(page: AppTest) -> str:
    """The first error on a page, without the marks that keep it from being read as Markdown."""
    return page.error[0].value.replace("\\", "")


def run_named(store: RunStore, name: str) -> Run:
    """The run of a store that is called so."""
    return next(run for run in store.runs() if run.name == name)


def play_run(store: RunStore) -> Run:
    """The LSTM of the small lab."""
    return run_named(store, "An LSTM on the play")


def given(page: AppTest, component: str) -> list[dict[str, Any]]:
    """What the components of one kind on the page were given, in the order of the page."""
    return [
        json.loads(each.proto.json)
        for each in page.get("bidi_component")
        if each.proto.component_name == f"rnnlab.{component}"
    ]


def metric(page: AppTest, label: str) -> str:
    """The number under a label."""
    return next(each.value for each in page.metric if each.label == label)
