"""The settings of the Train page: a control for each, presets, corpora, bad input."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from pages.components.training import controls as training_controls
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig, settings
from tests.pages.conftest import TINY, OpenPage
from tests.pages.train_page import button, labels, put, store_of, texts, with_status

NUMERIC = [name for name, setting in settings().items() if setting.minimum is not None]
LANGUAGES = {"task": "language"}
NEEDED = {  # else the control has no effect and is off
    "teacher_forcing": {"task": "reversal"},
    "window": {"model": "window"},
    "members": LANGUAGES,
    "class_weights": LANGUAGES,
}


def test_every_setting_has_exactly_one_control() -> None:
    assert sorted(training_controls.names()) == sorted(settings())


def test_stops_of_sliders_span_their_range() -> None:
    for name, stops in training_controls.STOPS.items():
        setting = settings()[name]
        low = 0.0 if name == "weight_decay" else setting.minimum
        assert (stops[0], stops[-1]) == (low, setting.maximum)
        assert list(stops) == sorted(set(stops))


def test_every_control_has_a_help_text(empty_lab: Path, open_page: OpenPage) -> None:
    page = open_page("train")
    kinds = (page.selectbox, page.select_slider, page.slider, page.number_input, page.toggle)
    for widget in [widget for kind in kinds for widget in kind]:
        assert widget.help, widget.label


def test_an_empty_lab_invites_to_start_with_what_ships(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("train")
    assert "Nothing has been trained yet" in [each.value for each in page.subheader]
    assert PRESETS[page.session_state.train_preset].config.corpus == "play"
    assert not button(page, "Start").disabled
    assert "parameters** = " in texts(page)
    assert "characters per update" in texts(page)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_fills_every_control(empty_lab: Path, open_page: OpenPage, name: str) -> None:
    page = open_page("train")
    page.selectbox(key="train_preset").set_value(name).run()
    assert not page.exception
    for field, value in asdict(PRESETS[name].config).items():
        assert page.session_state[training_controls.key(field)] == value


def test_values_survive_a_visit_to_another_page(empty_lab: Path, open_page: OpenPage) -> None:
    page = put(open_page("train"), hidden_size=77)
    page.switch_page("pages/start.py").run()
    page.switch_page("pages/train.py").run()
    assert page.session_state.train_hidden_size == 77


@pytest.mark.parametrize("name", NUMERIC)
def test_extremes_of_every_control_give_no_traceback(
    empty_lab: Path, open_page: OpenPage, name: str
) -> None:
    page = put(open_page("train"), batching="windows", clipping="norm", **NEEDED.get(name, {}))
    kind = type(getattr(RunConfig(), name))
    for value in (settings()[name].minimum, settings()[name].maximum):
        assert value is not None
        put(page, **{name: kind(value)})
        assert page.session_state[training_controls.key(name)] == value
        assert page.error or "parameters** = " in texts(page)
    page.toggle(key=training_controls.EXACT).set_value(False).run()
    assert not page.exception
    assert page.session_state[training_controls.key(name)] == value


def test_settings_that_do_not_fit_together_are_a_sentence_and_cannot_start(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = put(open_page("train"), train_share=0.9, validation_share=0.5)
    assert "add up to more than 1" in texts(page)
    assert button(page, "Start").disabled
    assert page.session_state.train_validation_share == 0.5


def test_a_text_too_short_for_the_batch_is_a_sentence(empty_lab: Path, open_page: OpenPage) -> None:
    page = put(open_page("train"), max_characters=1000, batch_size=4096)
    assert page.error
    assert button(page, "Start").disabled


def test_one_click_makes_the_batch_fit_a_short_text(empty_lab: Path, open_page: OpenPage) -> None:
    text = "It was a dark and stormy night.\n" * 60
    own = CorpusLibrary(empty_lab / "data").add_own("A short one", text)
    page = put(open_page("train"), corpus=own.name, batch_size=32, seq_length=64)
    assert page.error
    button(page, "Use batch size 4 and sequence length 32, which fit this text").click().run()
    assert not page.error
    assert (page.session_state.train_batch_size, page.session_state.train_seq_length) == (4, 32)
    assert not button(page, "Start").disabled
    assert not any("which fit" in label for label in labels(page))


def test_a_preset_without_a_test_part_is_no_reason_to_warn(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("train")
    assert "There is no test loss" not in texts(page)
    put(page, train_share=0.9, validation_share=0.1)
    (note,) = (each.value for each in page.caption if "There is no test loss" in each.value)
    assert "warning" not in note


def test_how_long_it_takes_is_known_from_a_run_that_was_made_here(
    empty_lab: Path, open_page: OpenPage
) -> None:
    updates_a_second = 500.0
    done = {"state": "finished", "device": "cpu, 1 thread, NumPy", "seconds": 9.0}
    speed = updates_a_second * TINY.batch_size * TINY.seq_length
    run = with_status(store_of(empty_lab), characters_per_second=speed, **done)
    page = put(open_page("train", run=run.id), budget_unit="seconds")
    assert "measured on your run “made for the test”" in texts(page)
    (said,) = re.findall(r"About ([\d,]+) updates", texts(page))
    budget = page.session_state.train_budget * updates_a_second
    assert int(said.replace(",", "")) == pytest.approx(budget, rel=0.1)
    put(page, hidden_size=13)
    assert "· estimated" in texts(page)


def test_a_learning_rate_far_too_high_is_warned_of(empty_lab: Path, open_page: OpenPage) -> None:
    assert "far too high" in texts(put(open_page("train"), learning_rate=100.0))


def test_a_corpus_that_is_not_here_is_offered_for_download(
    empty_lab: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = put(open_page("train"), corpus="tiny-shakespeare")
    assert "Tiny Shakespeare · download, 1.1 MB" in page.selectbox(key="train_corpus").options
    assert button(page, "Start").disabled

    def fail(self: CorpusLibrary, name: str, progress: Callable[[int, int], None]) -> None:
        progress(1, 2)
        raise CorpusError("There is no way to the internet; put the file there by hand.")

    monkeypatch.setattr(CorpusLibrary, "load", fail)
    button(page, "Download Tiny Shakespeare (1.1 MB)").click().run()
    assert not page.exception
    assert "put the file there by hand" in texts(page)


def test_a_corpus_that_was_removed_is_named_and_cannot_start(
    empty_lab: Path, open_page: OpenPage
) -> None:
    gone = TINY.replace(corpus="own-gone")
    run = store_of(empty_lab).create(gone, name="learned from a text that was removed")
    page = open_page("train", run=run.id)
    button(page, "Take its settings").click().run()
    assert not page.exception
    assert "own-gone · not here any more" in page.selectbox(key="train_corpus").options
    assert "There is no corpus 'own-gone'" in texts(page)
    assert button(page, "Start").disabled


def test_a_new_session_begins_with_the_settings_of_the_run_in_its_address(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = next(run for run in small_lab.runs() if not run.read_only)
    page = open_page("train", run=run.id)
    assert page.session_state[training_controls.key("hidden_size")] == run.config.hidden_size
    assert page.session_state[training_controls.key("seq_length")] == run.config.seq_length


def test_settings_of_a_run_whose_own_text_is_gone_are_shown_without_harm(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    config = next(run for run in small_lab.runs() if not run.read_only).config
    run = small_lab.create(config.replace(corpus="own-gone", hidden_size=9), name="x")
    page = open_page("train", run=run.id)
    assert not page.exception
