"""Lab 1: the twelve steps, without anything, on a small run without the corpus, and with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.components import services
from pages.components.lab_step_by_step.steps import STEPS
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.runs.results import epoch_losses
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.vocabulary import Vocabulary
from tests.pages.conftest import TINY, OpenPage, said, train
from tests.pages.test_start import RecordingJobs

PAGE = "lab_step_by_step"
WHOLE = EXPERIMENTS["step-by-step"]
NAME = "A small RNN <b>on</b> the play"
HOSTILE = "</pre><script>alert(1)</script>"
SMALL = TINY.replace(
    cell="rnn_tanh",
    batching="windows",
    stride=8,
    num_layers=2,
    batch_size=64,
    budget=2,
    budget_unit="epochs",
    evaluation="each-epoch",
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one finished run on a text that is not the lab's."""
    store = RunStore(tmp_path_factory.mktemp("finished"))
    train(store, SMALL, NAME)
    return store.root


@pytest.fixture
def run(empty_lab: Path, finished: Path) -> Run:
    shutil.copytree(finished, empty_lab / "checkpoints", dirs_exist_ok=True)
    return RunStore(empty_lab / "checkpoints").runs()[0]


@pytest.fixture
def with_text(empty_lab: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab without runs that has Tiny Shakespeare."""
    monkeypatch.setenv("RNNLAB_CORPORA", str(corpora))
    services._library.cache_clear()
    return empty_lab


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> RecordingJobs:
    recording = RecordingJobs()
    monkeypatch.setattr(services, "jobs", lambda: recording)
    return recording


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """What the download buttons of a page would make, the latest last."""
    made: list[Callable[[], bytes]] = []
    button = st.download_button

    def record(label: str, data: Any, **more: Any) -> bool:
        made.append(data)
        return button(label, data, **more)

    monkeypatch.setattr(st, "download_button", record)
    return made


def components(page: AppTest, name: str) -> list[dict[str, Any]]:
    """The data of the components of a kind on a page."""
    found = [each.proto for each in page.get("bidi_component")]
    return [json.loads(each.json) for each in found if each.component_name == f"rnnlab.{name}"]


def words(page: AppTest) -> str:
    """All text of a page, without the marks that escape it."""
    parts = [each.value for each in (*page.markdown, *page.caption, *page.code)]
    return "\n".join(parts).replace("\\", "")


def test_every_step_is_there_with_what_the_manual_asks_for(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page(PAGE)
    headers = [header.value for header in page.header]
    assert headers[:12] == [f"{step.number}. {step.title}" for step in STEPS]
    assert [header.proto.anchor for header in page.header][:12] == [s.anchor for s in STEPS]
    text = words(page)
    for step in STEPS:
        assert f"The manual asks: *{step.asks}*" in text
        assert f"(#{step.anchor})" in text


def test_an_empty_lab_says_what_is_missing(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    text = words(page)
    assert "Tiny Shakespeare** is not on this computer" in text
    assert text.count("There is no run yet; train one in step 8.") == 3
    assert page.button(key="manual_fetch").label.startswith("Download Tiny Shakespeare")
    assert page.button(key="manual_run_start").disabled
    assert not page.error


def test_without_the_corpus_the_steps_show_a_run_and_what_it_wrote(
    run: Run, open_page: OpenPage
) -> None:
    page = open_page(PAGE)
    assert not page.error
    text = words(page)
    assert "Until then the steps show a text that the run wrote itself." in text
    assert text.count(f"Shown: the run “{NAME}”.") == 4
    assert f"**V = {len(run.vocabulary())}** distinct characters" in text
    (grid,) = components(page, "batch_grid")
    assert all(row["inputs"][1:] == row["targets"][:-1] for row in grid["rows"])
    (player,) = components(page, "player")
    assert len(player["text"]) == 300
    assert len(player["units"]) == 12


def test_losses_are_those_of_the_run(run: Run, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    losses = epoch_losses(run)
    table = next(each.value for each in page.dataframe if "Epoch" in each.value.columns)
    assert list(table["Training"]) == [f"{loss:.3f}" for loss in losses.training]
    assert list(table["Validation"]) == [f"{loss:.3f}" for loss in losses.validation]
    test = next(each for each in page.metric if each.label == "Test loss at the end")
    assert test.value == f"{losses.test:.3f}"
    assert f"to {losses.training[-1]:.3f} in the last" in words(page)


def test_a_word_goes_to_numbers_and_back(with_text: Path, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    text = services.library().load("tiny-shakespeare").text[:200_000]
    word = "My lord!"
    page.text_input(key="manual_word").set_value(word).run()
    assert str(Vocabulary.from_text(text).encode(word).tolist()) in words(page)
    assert "Decoded again, it is the same text." in words(page)
    page.text_input(key="manual_word").set_value("☃").run()
    assert "☃" in said(page)


def test_the_text_is_checked(with_text: Path, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    assert "equals the expected" in words(page)
    metrics = {each.label: each.value for each in page.metric}
    assert (metrics["Characters"], metrics["Distinct characters"]) == ("1,115,394", "65")


def test_the_settings_of_step_5_are_those_of_every_step(
    with_text: Path, open_page: OpenPage, jobs: RecordingJobs
) -> None:
    page = open_page(PAGE)
    for name, value in (("hidden_size", 16), ("seq_length", 8), ("batch_size", 8)):
        page.select_slider(key=f"manual_{name}").set_value(value).run()
    assert not page.error
    (grid,) = components(page, "batch_grid")
    assert {len(row["inputs"]) for row in grid["rows"]} == {8}
    assert "x and y are (8, 8) each" in words(page)
    page.button(key="manual_run_start").click().run()
    (made,) = RunStore(with_text / "checkpoints").runs()
    assert jobs.submitted == [made.id]
    assert (made.config.hidden_size, made.config.seq_length, made.config.stride) == (16, 8, 4)
    assert made.config.batching == "windows"
    assert made.id in page.query_params["run"]


@pytest.mark.parametrize("version", ["quick", "whole"])
def test_one_button_sets_all_of_a_version(
    with_text: Path, open_page: OpenPage, jobs: RecordingJobs, version: str
) -> None:
    page = open_page(PAGE)
    page.select_slider(key="manual_num_layers").set_value(4).run()
    page.button(key=f"manual_{version}").click().run()
    page.button(key="manual_run_start").click().run()
    (made,) = RunStore(with_text / "checkpoints").runs()
    assert WHOLE.is_made_by(made.config) == (version == "whole")
    assert (made.config == WHOLE.quick) == (version == "quick")


def test_one_update_by_hand_lowers_the_loss_of_its_batch(
    with_text: Path, open_page: OpenPage
) -> None:
    page = open_page(PAGE)
    for name in ("hidden_size", "batch_size"):
        page.select_slider(key=f"manual_{name}").set_value(16).run()
    page.toggle(key="manual_update").set_value(True).run()
    metrics = {each.label: each.value for each in page.metric}
    assert float(metrics["After the update"]) < float(metrics["Loss on batch 1"])
    assert metrics["Clipped at 5"] == "no"


def test_unknown_characters_of_a_seed_text_get_a_sentence(run: Run, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    page.text_area(key="manual_seed_text").set_value("Who ☃ there").run()
    assert "'☃' never occurred in the training text" in said(page)
    assert not components(page, "player")
    drop = next(each for each in page.button if each.label == "Drop unknown characters")
    drop.click().run()
    assert components(page, "player")[0]["prime"] == "Who  there"


def test_units_can_be_watched_while_it_writes(run: Run, open_page: OpenPage) -> None:
    page = open_page(PAGE)
    page.button_group(key="manual_when").set_value("writes").run()
    written = components(page, "player")[0]
    plots = components(page, "plot")
    heatmap = next(each for each in plots if each["alt"].startswith("Heatmap of h"))
    shown = json.loads(heatmap["traces"][0])["meta"]["characters"]
    assert len(shown) == 160
    assert "".join(shown).startswith((written["prime"] + written["signs"])[:5].replace("\n", "↵"))


def test_the_report_holds_all_of_it_and_escapes_what_was_typed(
    run: Run, open_page: OpenPage, reports: list[Callable[[], bytes]]
) -> None:
    page = open_page(PAGE)
    page.text_area(key="manual_remarks").set_value(HOSTILE).run()
    page.text_input(key="manual_author").set_value("Ada <i>L.</i>").run()
    report = reports[-1]().decode()
    losses = epoch_losses(run)
    assert f"{losses.training[-1]:.3f}" in report
    assert f"{losses.test:.3f}" in report
    assert all(f"Figure {number}. " in report for number in (1, 2, 3))
    for section in ("Settings", "Losses", "What it wrote", "Hidden units", "Analysis", "Remarks"):
        assert f"<h2>{section}</h2>" in report
    assert "Ada &lt;i&gt;L.&lt;/i&gt;" in report
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)" in report
    assert HOSTILE not in report
    assert NAME not in report


def test_a_run_without_weights_is_shown_as_far_as_it_is(
    with_text: Path, open_page: OpenPage, jobs: RecordingJobs
) -> None:
    page = open_page(PAGE)
    page.button(key="manual_run_start").click().run()
    assert not page.exception
    assert "No epoch's loss was measured yet." in words(page)
    assert "no vocabulary yet" in words(page) or "no weights yet" in words(page)


def test_a_run_that_trains_is_looked_into_when_it_has_ended(
    run: Run, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "is_active", True)
    page = open_page(PAGE)
    assert words(page).count("what it learned is shown here when it has ended") == 3
    assert not components(page, "player")


def test_a_link_that_leads_nowhere_is_told(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page(PAGE, run="gone")
    assert "no run 'gone'" in page.warning[0].value.replace("\\", "")
