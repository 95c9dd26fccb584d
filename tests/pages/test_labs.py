"""What the pages of all labs share: the table of results, and predict, run, compare."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import services
from rnnlab.experiments.catalog import EXPERIMENTS, of_lab
from rnnlab.experiments.experiment import LABS
from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.store import RunStore
from tests.pages.conftest import OpenPage
from tests.pages.test_start import RecordingJobs

HEART = EXPERIMENTS["shakespeare-by-heart"]
by_lab = pytest.mark.parametrize("name", LABS)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> RecordingJobs:
    recording = RecordingJobs()
    monkeypatch.setattr(services, "jobs", lambda: recording)
    return recording


def results(page: AppTest) -> list[dict[str, str]]:
    """The lines of the table of published numbers and ours."""
    (frame_,) = (each.value for each in page.dataframe if "Published" in each.value.columns)
    return frame_.to_dict("records")


@by_lab
def test_without_runs_every_number_of_ours_is_empty(
    empty_lab: Path, open_page: OpenPage, name: str
) -> None:
    lines = results(open_page(f"lab_{name}"))
    assert {line["Experiment"] for line in lines} == {e.title for e in of_lab(name)}
    assert all(line["Ours"] == line["Yours"] == line["Runs"] == "" for line in lines)


def test_numbers_are_those_of_the_runs_that_ship(empty_lab: Path, open_page: OpenPage) -> None:
    store = RunStore(empty_lab / "checkpoints")
    for seed, loss in ((1, 0.25), (2, 0.27)):
        run = store.create(HEART.config.replace(seed=seed), name="heart")
        append_line(run.folder / "metrics.jsonl", {"step": 9, "epoch_loss": loss})
        replace_json(run.folder / "status.json", {"state": "finished", "parameters": 5})
        (store.root / "labs").mkdir(exist_ok=True)
        run.folder.rename(store.root / "labs" / f"shakespeare-by-heart-{seed}")
    page = open_page("lab_shakespeare")
    line = next(x for x in results(page) if x["Measure"].startswith("Last epoch"))
    assert line["Ours"] == "0.2600 ± 0.0141"
    assert (line["Runs"], line["Below"], line["Yours"]) == ("2", "50 %", "")


@pytest.mark.parametrize("length", ["Quick", "Whole"])
def test_one_button_runs_an_experiment(
    empty_lab: Path,
    open_page: OpenPage,
    jobs: RecordingJobs,
    monkeypatch: pytest.MonkeyPatch,
    corpora: Path,
    length: str,
) -> None:
    monkeypatch.setenv("RNNLAB_CORPORA", str(corpora))
    services._library.cache_clear()
    page = open_page("lab_shakespeare")
    page.button_group(key="by_heart_length").set_value(length).run()
    page.button(key="by_heart_start").click().run()
    assert not page.exception
    (run,) = RunStore(empty_lab / "checkpoints").runs()
    assert jobs.submitted == [run.id]
    assert HEART.is_made_by(run.config) == (length == "Whole")


def test_what_cannot_run_yet_offers_the_download(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("lab_shakespeare")
    assert page.button(key="by_heart_start").disabled
    assert page.button(key="by_heart_fetch").label.startswith("Download Shakespeare")
