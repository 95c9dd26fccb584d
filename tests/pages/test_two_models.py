"""Two models, one text: the differences of the core, and exactly none of a model with itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnlab.inspection.comparison import common_text, score_text
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.tasks.base import split_of
from tests.pages.conftest import OpenPage, given, play_run, run_named


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("two_models").markdown[-1].value


def test_the_gallery_is_compared_on_unseen_text(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    runs = [play_run(small_lab), small_lab.open("gallery/tanh-rnn")]
    page = open_page("two_models", run=runs[0].id)
    corpus = CorpusLibrary(empty_lab / "data").load("play")
    text = split_of(runs[0].config, corpus).validation.text
    text = common_text(text, *(run.vocabulary() for run in runs))
    means = [score_text(run.model("best"), run.vocabulary(), text).bits.mean() for run in runs]
    expected = [*(f"{mean:.3f} bits" for mean in means), means[1] - means[0]]
    assert [metric.value for metric in page.metric[:2]] == expected[:2]
    saved = float(page.metric[2].value.removesuffix(" bits").replace("−", "-"))
    assert saved == pytest.approx(expected[2], abs=0.0006)
    assert len(given(page, "plot")) == 4  # classes, difference, gates of each
    assert "learned from" not in page.caption[1].value


def test_a_model_and_itself_differ_nowhere(small_lab: RunStore, open_page: OpenPage) -> None:
    twice = {"run": play_run(small_lab).id, "other": play_run(small_lab).id}
    page = open_page("two_models", **twice, other_snapshot="best")
    assert page.metric[2].value == "0.000 bits"
    colors = given(page, "colored_text")[0]["values"]["counts"]
    assert not set(colors.rstrip("=")) - {"A"}  # zeros in base64
    assert any("nowhere does one save" in each.value for each in page.info)
    assert not page.exception


def test_two_snapshots_of_one_run(small_lab: RunStore, open_page: OpenPage) -> None:
    run = play_run(small_lab).id
    page = open_page("two_models", run=run, other=run, other_snapshot="0")
    assert "after update 0" in page.metric[1].label
    first, second = (float(metric.value.removesuffix(" bits")) for metric in page.metric[:2])
    untrained = np.log2(len(small_lab.open(run).vocabulary()))
    assert first < second == pytest.approx(untrained, abs=0.15)


def test_runs_of_different_corpora_meet_in_the_characters_that_both_know(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    other = run_named(small_lab, "A GRU on Reber's grammar").id
    page = open_page("two_models", run=play_run(small_lab).id, other=other)
    sentence = " ".join(caption.value for caption in page.caption).replace("\\", "")
    assert "that only one of the two knows were left out" in sentence
    assert "B between" in sentence


def test_what_one_of_them_learned_from_is_said(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("two_models", run=play_run(small_lab).id, text="Corpus")
    sentence = " ".join(caption.value for caption in page.caption).replace("\\", "")
    assert "A learned from" in sentence
    assert "B learned from" in sentence


@pytest.mark.parametrize("text", ["a", "xy"])
def test_short_texts_and_unknown_runs_say_a_sentence(
    small_lab: RunStore, open_page: OpenPage, text: str
) -> None:
    page = open_page("two_models", run=play_run(small_lab).id, other="nobody", text="Own text")
    assert "There is no run" in page.warning[0].value
    page.text_area(key="text_typed").set_value(text).run()
    assert not page.exception
    assert bool(page.error) == (text == "a")
