"""The runs page: table, filters, renaming, deleting, comparing, zips, and broken folders."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pyarrow
import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.runs import leases
from rnnlab.runs.export import export_zip
from rnnlab.runs.leases import this_process
from rnnlab.runs.store import RunStore
from rnnlab.runs.table import OWN
from tests.pages.conftest import TINY, OpenPage, given, play_run, said

GALLERY = "gallery/tanh-rnn"


@pytest.fixture
def own(small_lab: RunStore) -> str:
    """The id of the LSTM on the play."""
    return play_run(small_lab).id


def names(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["name"])


def texts(page: AppTest) -> str:
    return " ".join(text.value for text in page.text)


def captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption).replace("\\", "")


def test_an_empty_lab_says_what_to_do(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("runs")
    assert any("no runs yet" in caption.value for caption in page.caption)
    assert not page.dataframe


def test_the_table_has_every_run_with_its_losses(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("runs")
    rows = page.dataframe[0].value
    assert sorted(rows["name"]) == [
        "A GRU on Reber's grammar",
        "An LSTM on the play",
        "Gallery: tanh RNN",
    ]
    for run in small_lab.runs():
        row = rows[rows["run_id"] == run.id].iloc[0]
        status = run.status()
        assert row["val_loss"] == status.best_val_loss
        assert row["train_loss"] == status.train_loss
        assert row["test_loss"] == status.test_loss
        assert row["parameters"] == status.parameters
        assert row["origin"] == ("gallery" if run.read_only else OWN)


def test_losses_of_every_size_fit_their_cells_and_stay_numbers(
    small_lab: RunStore, open_page: OpenPage, own: str
) -> None:
    path = small_lab.open(own).folder / "status.json"
    losses = {"best_val_loss": 123_456.7, "train_loss": 3.2e28, "test_loss": 99_999.0}
    path.write_text(json.dumps({**json.loads(path.read_text()), **losses}))
    page = open_page("runs")
    shown = pyarrow.ipc.open_stream(
        page.dataframe[0].proto.arrow_data.styler.display_values
    ).read_pandas()
    assert "1.2e+05" in set(shown["val_loss"])
    assert "diverged" in set(shown["train_loss"])
    assert "99999.000" in set(shown["test_loss"])
    assert page.dataframe[0].value["val_loss"].max() == 123_456.7  # sorted as a number
    assert page.dataframe[0].value["train_loss"].max() < 2**53  # more is drawn as an error


def test_scratch_runs_come_on_a_toggle(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("runs")
    assert "throw me away" not in names(page)
    page.toggle(key="runs_scratch").set_value(True).run()
    assert "throw me away" in names(page)


def test_filters_narrow_the_table(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("runs")
    page.text_input(key="runs_text").set_value("lstm PLAY").run()
    assert names(page) == ["An LSTM on the play"]
    page.text_input(key="runs_text").set_value("").run()
    page.multiselect(key="runs_corpora").set_value(["reber"]).run()
    assert names(page) == ["A GRU on Reber's grammar"]
    page.multiselect(key="runs_cells").set_value(["LSTM"]).run()
    assert not page.dataframe or "name" not in page.dataframe[0].value
    assert any("No run fits" in caption.value for caption in page.caption)
    assert not page.exception


def test_one_run_is_renamed(small_lab: RunStore, open_page: OpenPage, own: str) -> None:
    page = open_page("runs", run=own)
    page.text_input(key=f"runs_name_{own}").set_value("<b>*My* run</b>")
    page.button(key="runs_rename_now").click().run()
    assert small_lab.open(own).name == "<b>*My* run</b>"
    assert "<b>*My* run</b>" in texts(page)
    page.text_input(key=f"runs_name_{own}").set_value(" \t ")
    page.button(key="runs_rename_now").click().run()
    assert "at least one visible character" in said(page)
    assert small_lab.open(own).name == "<b>*My* run</b>"


def test_a_name_that_is_too_long_is_said_and_stays_in_its_field(
    small_lab: RunStore, open_page: OpenPage, own: str
) -> None:
    page = open_page("runs", run=own)
    page.text_input(key=f"runs_name_{own}").set_value("a name " * 30)
    page.button(key="runs_rename_now").click().run()
    assert "at most 120 characters" in said(page)
    assert page.text_input(key=f"runs_name_{own}").value == "a name " * 30
    assert small_lab.open(own).name == "An LSTM on the play"


def test_one_run_is_deleted(small_lab: RunStore, open_page: OpenPage, own: str) -> None:
    page = open_page("runs", run=own)
    page.button(key="runs_delete_now").click().run()
    assert own not in [run.id for run in small_lab.runs()]
    assert "An LSTM on the play" not in names(page)
    assert not page.error
    assert not page.exception


def test_several_runs_are_deleted_but_never_the_gallery(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("runs", run=[run.id for run in small_lab.runs()])
    page.button(key="runs_delete_now").click().run()
    assert [run.id for run in small_lab.runs()] == [GALLERY]
    assert names(page) == ["Gallery: tanh RNN"]
    assert not page.error


def test_a_run_that_trains_is_not_deleted(
    small_lab: RunStore, open_page: OpenPage, own: str
) -> None:
    leases.acquire(small_lab.open(own).folder, 2, this_process())
    page = open_page("runs", run=own)
    assert "Waiting" in list(page.dataframe[0].value["state"])
    page.button(key="runs_delete_now").click().run()
    assert "being trained" in said(page)
    assert (small_lab.root / own).is_dir()


def test_a_run_of_the_gallery_is_not_offered_for_deletion(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("runs", run=GALLERY)
    assert "cannot be changed" in texts(page)
    assert all(button.key != "runs_delete_now" for button in page.button)
    assert len(page.get("download_button")) == 1


def test_several_runs_are_compared(small_lab: RunStore, open_page: OpenPage, own: str) -> None:
    page = open_page("runs", run=[own, GALLERY])
    differing = page.dataframe[1].value
    assert dict(zip(differing["Setting"], differing.iloc[:, 1], strict=True))["Cell"] == "LSTM"
    assert dict(zip(differing["Setting"], differing.iloc[:, 2], strict=True))["Cell"] == "tanh RNN"
    assert "Corpus" not in list(differing["Setting"])
    for key, value in (("runs_Across", "seconds"), ("runs_Measured in", "perplexity")):
        page.button_group(key=key).set_value(value).run()
    page.toggle(key="runs_logarithmic").set_value(True).run()
    assert not page.exception


def test_accuracies_are_compared_and_runs_without_are_named(
    small_lab: RunStore, open_page: OpenPage, own: str
) -> None:
    path = small_lab.open(GALLERY).folder / "metrics.jsonl"
    path.write_text(re.sub(r'"(val|test)_accuracy"', '"unknown"', path.read_text()))
    page = open_page("runs", run=[own, GALLERY])
    assert "No accuracy" not in captions(page)
    page.button_group(key="runs_Measured in").set_value("accuracy").run()
    assert not page.exception
    assert "No accuracy is recorded of: 2 · Gallery: tanh RNN." in captions(page)
    (plot,) = given(page, "plot")
    traces = [json.loads(trace) for trace in plot["traces"]]
    assert [trace["name"] for trace in traces] == [
        "1 · An LSTM on the play",
        "2 · Gallery: tanh RNN",
    ]
    assert page.toggle(key="runs_training").disabled


def test_without_any_accuracy_there_is_a_sentence_and_no_empty_chart(
    small_lab: RunStore, open_page: OpenPage, own: str
) -> None:
    path = small_lab.open(own).folder / "metrics.jsonl"
    path.write_text(re.sub(r'"(val|test)_accuracy"', '"unknown"', path.read_text()))
    page = open_page("runs", run=own)
    page.button_group(key="runs_Measured in").set_value("accuracy").run()
    assert not page.exception
    assert "No accuracy is recorded of: 1 · An LSTM on the play." in captions(page)
    assert not given(page, "plot")


def test_a_run_of_the_address_that_is_gone_is_passed_over(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    page = open_page("runs", run=["nothing-here", "../../etc", "<script>"])
    assert any("Nothing is chosen" in caption.value for caption in page.caption)
    assert not page.error


def test_a_zip_is_loaded_and_chosen(small_lab: RunStore, open_page: OpenPage, own: str) -> None:
    data = export_zip(small_lab.open(own))
    page = open_page("runs")
    page.file_uploader(key="runs_upload_0").upload("run.zip", data).run()
    page.button(key="runs_load").click().run()
    assert not page.error
    (loaded,) = [run for run in small_lab.runs() if run.was_imported]
    assert page.query_params["run"] in (loaded.id, [loaded.id])
    assert loaded.config == small_lab.open(own).config
    assert names(page).count("An LSTM on the play") == 2


def hostile_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../escaped.txt", "out of here")
    return buffer.getvalue()


@pytest.mark.parametrize("data", [b"", b"no zip at all", hostile_zip()])
def test_a_zip_that_is_no_run_is_refused_in_a_sentence(
    small_lab: RunStore, open_page: OpenPage, data: bytes
) -> None:
    before = len(small_lab.runs())
    page = open_page("runs")
    if data:
        page.file_uploader(key="runs_upload_0").upload("run.zip", data).run()
    page.button(key="runs_load").click().run()
    assert said(page).endswith(".")
    assert not page.exception
    assert len(small_lab.runs()) == before
    assert not list(small_lab.root.parent.rglob("escaped.txt"))


def test_broken_runs_are_listed_with_the_reason_and_can_be_deleted(
    small_lab: RunStore, open_page: OpenPage, own: str
) -> None:
    (small_lab.open(own).folder / "config.json").write_text('{"format": 99}')
    page = open_page("runs", run=own)
    assert "format 99" in texts(page)
    assert "An LSTM on the play" not in names(page)
    page.button(key=f"runs_broken_now_{own}").click().run()
    assert "format 99" not in texts(page)
    assert not (small_lab.root / own).exists()


def test_a_run_that_was_never_trained_is_drawn(small_lab: RunStore, open_page: OpenPage) -> None:
    run = small_lab.create(TINY, name="later")
    page = open_page("runs", run=run.id)
    assert "never started" in texts(page)
    assert not page.exception
