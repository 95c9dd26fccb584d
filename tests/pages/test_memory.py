"""Memory, measured: runs side by side on text they did not learn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.inspection.text_loss import memory_length, needed
from rnnlab.runs.files import replace_json
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.tasks.base import split_of
from tests.pages.conftest import OpenPage, play_run


def lines(page: AppTest) -> list[dict[str, str]]:
    (table,) = page.dataframe
    return table.value.to_dict("records")


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("memory").markdown[-1].value


def test_the_gallery_stands_beside_a_run_on_the_same_text(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    page = open_page("memory", run=run.id)
    assert [line["Run"] for line in lines(page)] == [run.name, "Gallery: tanh RNN"]
    corpus = CorpusLibrary(empty_lab / "data").load("play")
    text = split_of(run.config, corpus).validation.text
    ids = run.vocabulary().encode(text[: needed() + 1])
    expected = memory_length(run.model("best"), ids).losses
    assert lines(page)[0]["Loss with 1 character"] == f"{expected[0]:.3f}"
    assert lines(page)[0]["With 128"] == f"{expected[-1]:.3f}"
    assert np.isfinite(expected).all()


def test_a_run_can_be_looked_at_alone_and_a_link_shows_the_same(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run_id = play_run(small_lab).id
    page = open_page("memory", run=run_id)
    page.multiselect(key=f"memory_beside_{run_id}").set_value([]).run()
    assert len(lines(page)) == 1
    assert len(lines(open_page("memory", run=run_id, **{"with": page.query_params["with"]}))) == 1


def test_two_runs_of_one_name_are_two_lines(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab)
    twin = small_lab.open("gallery/tanh-rnn")
    request = json.loads((twin.folder / "request.json").read_text(encoding="utf-8"))
    replace_json(twin.folder / "request.json", request | {"name": run.name})
    page = open_page("memory", run=run.id)
    assert [line["Run"] for line in lines(page)] == [run.name, f"{run.name} · gallery"]


def test_without_its_text_a_run_is_measured_on_what_it_wrote(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("memory", run=play_run(small_lab).id)
    assert "wrote itself" in page.caption[0].value
    assert not page.exception


@pytest.mark.parametrize("characters", [2_000, 5_000])
def test_a_text_that_is_too_short_is_refused(
    small_lab: RunStore, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, characters: int
) -> None:
    monkeypatch.setattr("rnnlab.runs.texts.MAX_HELD_OUT_CHARACTERS", characters // 10)
    page = open_page("memory", run=play_run(small_lab).id)
    assert "choose a longer one" in page.error[0].value


def test_networks_are_measured_on_a_text_of_ones_own(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    page = open_page("memory", run=run.id)
    page.toggle(key="memory_own").set_value(True).run()
    assert "choose a longer one" in page.error[0].value
    text = "The clock is honest, and the clock is slow.\n" * 16
    page.text_area(key="text_typed").set_value(text).run()
    ids = run.vocabulary().encode(text)[: needed() + 1]
    expected = memory_length(run.model("best"), ids).losses
    assert lines(page)[0]["With 128"] == f"{expected[-1]:.3f}"
