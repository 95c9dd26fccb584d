"""The page of lab 3: real arrays, the lesson, the runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import services
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.inspection.gradient_check.minimal import CANDIDATES, tensor_names
from rnnlab.runs.store import RunStore
from tests.pages.conftest import OpenPage, train

PUBLISHED, DROPPED = "Two layers as published", "Two layers as published, its dropout"


@pytest.fixture
def page(
    empty_lab: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch, open_page: OpenPage
) -> AppTest:
    monkeypatch.setenv("RNNLAB_CORPORA", str(corpora))
    services._library.cache_clear()
    return open_page("lab_by_hand")


def column(page: AppTest, name: str) -> list[str]:
    """The values of a column, of the first table that has it."""
    return next(list(each.value[name]) for each in page.dataframe if name in each.value.columns)


def sources(page: AppTest) -> str:
    return "\n".join(code.value for code in page.code)


def test_the_forward_pass_shows_arrays_and_the_source_that_made_them(page: AppTest) -> None:
    arrays = dict(zip(column(page, "Array"), column(page, "Shape"), strict=True))
    assert arrays["x"] == "(65, 1)"
    assert arrays["weight_ih, layer 1"] == "(128, 65)"
    assert arrays["weight_ih, layer 2"] == "(128, 128)"
    assert arrays["h, layer 2"] == "(128, 1)"
    assert arrays["logits"] == arrays["p"] == "(65, 1)"
    assert "def forward_step" in sources(page)
    assert sum(value == "yes" for value in column(page, "Came")) == 1


@pytest.mark.parametrize(
    ("part", "source", "columns"),
    [
        ("Backward", "def backward_step", ["Array", "Shape"]),
        ("Clipping", "def clip_grads", ["Gradient of", "Beyond ±5"]),
        ("Update", "class AdagradRoot", ["Weights", "Norm of the change"]),
    ],
)
def test_the_other_parts_too(page: AppTest, part: str, source: str, columns: list[str]) -> None:
    page.button_group(key="walk_part").set_value(part).run()
    assert not page.exception
    assert source in sources(page)
    for name in columns:
        assert column(page, name)


def test_another_snapshot_has_other_numbers(page: AppTest) -> None:
    before = column(page, "Numbers")
    page.select_slider(key="walk_step").set_value(0).run()
    assert not page.exception
    assert column(page, "Numbers") != before
    first = dict(zip(column(page, "Array"), column(page, "Norm"), strict=True))
    assert first["bias, layer 1"] == 0.0  # before any update


def test_the_published_net_gives_every_layer_the_character(page: AppTest) -> None:
    page.button_group(key="walk_net").set_value("Two layers as published").run()
    page.toggle(key="walk_dropout").set_value(True).run()
    assert not page.exception
    arrays = dict(zip(column(page, "Array"), column(page, "Shape"), strict=True))
    assert arrays["weight_ih, layer 2"] == "(128, 65)"


@pytest.mark.parametrize("title", CANDIDATES)
def test_the_check_says_which_tensors_fail(page: AppTest, title: str) -> None:
    page.selectbox(key="check_net").set_value(title).run()
    page.button(key="check_run").click().run()
    assert not page.exception
    verdicts = dict(zip(column(page, "Tensor"), column(page, "Check"), strict=True))
    assert list(verdicts) == tensor_names(CANDIDATES[title])
    failed = {name for name, verdict in verdicts.items() if verdict == "fails"}
    if title == PUBLISHED:
        assert failed == {"rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_l0"}
    else:
        assert failed == (set(verdicts) - {"decoder.bias"} if title == DROPPED else set())


def test_a_prediction_is_counted(page: AppTest) -> None:
    guess = ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_l0", "decoder.bias"]
    page.multiselect(key=f"check_guess_{PUBLISHED}").set_value(guess).run()
    page.button(key="check_run").click().run()
    assert any("right about 7 of 8 tensors" in text.value for text in page.markdown)


def test_the_check_needs_two_characters(page: AppTest) -> None:
    page.text_input(key="check_text").set_value("a").run()
    page.button(key="check_run").click().run()
    assert not page.exception
    assert "at least two characters" in page.error[0].value


def test_hostile_text_does_no_harm(page: AppTest) -> None:
    page.text_input(key="check_text").set_value("<b>*$&`_\u0000").run()
    page.button(key="check_run").click().run()
    assert not page.exception


def test_without_the_corpus_the_numbers_are_of_the_text_that_ships(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("lab_by_hand")
    assert page.button(key="walk_fetch").label.startswith("Download Tiny Shakespeare")
    assert column(page, "Array")[0] == "x"
    assert any("No run of these experiments" in caption.value for caption in page.caption)


def test_runs_that_ship_show_curves_and_samples(
    empty_lab: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch, open_page: OpenPage
) -> None:
    """A run that reads as if it were the whole experiment, but is much smaller."""
    monkeypatch.setenv("RNNLAB_CORPORA", str(corpora))
    services._library.cache_clear()
    small = EXPERIMENTS["by-hand-parallel"].config.replace(
        corpus="play", hidden_size=8, budget=1001
    )
    store = RunStore(empty_lab / "checkpoints")
    run = train(store, small, "small")
    (store.root / "labs").mkdir()
    run.folder.rename(store.root / "labs" / "by-hand-parallel-1")
    monkeypatch.setattr(
        "rnnlab.experiments.experiment.Experiment.is_made_by",
        lambda self, config: self.config.model == config.model and not self.config.dropout,
    )
    page = open_page("lab_by_hand")
    assert page.get("bidi_component")
    assert not any("No run of these experiments" in caption.value for caption in page.caption)
    assert page.select_slider(key="train_sample_labs/by-hand-parallel-1").options == [
        "1,000",
        "1,001",
    ]
