"""The start page: what is shown with nothing there, with runs, and where the demo leads."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pages.components import services
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.store import RunStore
from tests.pages.conftest import OpenPage, said


class RecordingJobs:
    """Takes note of what is to be trained, and trains nothing."""

    def __init__(self) -> None:
        self.submitted: list[str] = []
        self.worker_report = None

    def submit(self, run_id: str) -> None:
        self.submitted.append(run_id)

    def __getattr__(self, name: str) -> object:
        return lambda *args, **kwargs: None


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> RecordingJobs:
    recording = RecordingJobs()
    monkeypatch.setattr(services, "jobs", lambda: recording)
    return recording


def test_an_empty_lab_shows_a_fresh_network_and_says_so(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("start")
    assert page.title[0].value == "RNN Lab"
    assert any("fresh network" in text.value for text in page.text)
    assert any("No network has written" in caption.value for caption in page.caption)
    assert [metric.value for metric in page.metric][:2] == ["0", "0"]


def test_a_run_of_the_gallery_is_shown_with_its_writing(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("start")
    assert any("Gallery: tanh RNN" in text.value for text in page.text)
    assert page.code[0].value in small_lab.open("gallery/tanh-rnn").written()
    assert [metric.value for metric in page.metric][:2] == ["2", "1"]


def test_a_damaged_run_is_passed_over_for_a_fresh_network(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    folder = small_lab.open("gallery/tanh-rnn").folder
    for path in (folder / "weights").iterdir():
        path.write_bytes(b"no weights")
    page = open_page("start")
    assert any("fresh network" in text.value for text in page.text)


def test_the_demo_starts_its_preset_and_opens_the_train_page(
    empty_lab: Path, open_page: OpenPage, jobs: RecordingJobs
) -> None:
    page = open_page("start")
    page.button(key="start_demo").click().run()
    (run,) = services.store().runs()
    assert run.config == PRESETS["demo-30s"].config
    assert len(run.corpus_sha256) == 64
    assert jobs.submitted == [run.id]
    assert page.query_params["run"] in (run.id, [run.id])


def test_a_corpus_that_is_gone_is_an_error_in_a_sentence(
    empty_lab: Path, open_page: OpenPage, jobs: RecordingJobs
) -> None:
    page = open_page("start")
    (empty_lab / "data" / "play.txt").unlink()
    page.button(key="start_demo").click().run()
    assert not page.exception
    assert "play.txt" in said(page)
    assert jobs.submitted == []


def test_a_first_visit_takes_less_than_a_second(small_lab: RunStore, open_page: OpenPage) -> None:
    open_page("start")  # modules are imported
    before = time.perf_counter()
    open_page("start")
    assert time.perf_counter() - before < 1.0
