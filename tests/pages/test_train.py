"""The Train page: every setting, starting, the live panel, tries on change, bad input."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import train_controls
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs import claims
from rnnlab.runs.jobs import JobManager
from rnnlab.runs.processes import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from rnnlab.text.corpus import CorpusError
from rnnlab.text.library import CorpusLibrary
from rnnlab.training.config import RunConfig, settings
from tests.pages.conftest import ROOT, TINY, OpenPage

NUMERIC = [name for name, setting in settings().items() if setting.minimum is not None]
NEEDED = {"teacher_forcing": {"task": "reversal"}}  # else the control has no effect and is off


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is started waits in the queue: no test of the page needs a training process."""
    monkeypatch.setattr(JobManager, "_start", lambda self: None)


def store_of(lab: Path) -> RunStore:
    return RunStore(lab / "checkpoints")


def texts(page: AppTest) -> str:
    """All the words that the page says, without the marks that keep them from being Markdown."""
    kinds = (page.markdown, page.caption, page.text, page.error, page.warning)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def button(page: AppTest, label: str) -> Any:
    return next(each for each in page.button if each.label == label)


def labels(page: AppTest) -> set[str]:
    return {each.label for each in page.button}


def shown_run(page: AppTest) -> str:
    asked = page.query_params["run"]
    return asked if isinstance(asked, str) else asked[0]


def curves(page: AppTest) -> dict[str, Any]:
    """The traces of the chart by name."""
    (plot,) = (e for e in page.get("bidi_component") if "plot" in e.proto.component_name)
    traces = [json.loads(trace) for trace in json.loads(plot.proto.json)["traces"]]
    return {trace.get("name", ""): trace for trace in traces}


def put(page: AppTest, **values: Any) -> AppTest:
    """The page with some settings chosen or typed."""
    page.toggle(key=train_controls.EXACT).set_value(True).run()
    widgets = [*page.number_input, *page.selectbox, *page.button_group]
    by_key = {widget.key: widget for widget in widgets}
    for name, value in values.items():
        by_key[train_controls.key(name)].set_value(value)
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def with_status(store: RunStore, **fields: Any) -> Run:
    """A run whose worker wrote this status just now."""
    run = store.create(TINY, name="made for the test")
    claims.take(run.folder, 1, this_process())
    me = this_process().to_json()
    status = {**asdict(Status(attempt=1, step=20, beat=time.time())), **me, **fields}
    (run.folder / "status.json").write_text(json.dumps(status), encoding="utf-8")
    return run


# Settings


def test_every_setting_has_exactly_one_control() -> None:
    assert sorted(train_controls.names()) == sorted(settings())


def test_stops_of_sliders_span_their_range() -> None:
    for name, stops in train_controls.STOPS.items():
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
        assert page.session_state[train_controls.key(field)] == value


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
        assert page.session_state[train_controls.key(name)] == value
        assert page.error or "parameters** = " in texts(page)
    page.toggle(key=train_controls.EXACT).set_value(False).run()
    assert not page.exception
    assert page.session_state[train_controls.key(name)] == value


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


def test_a_learning_rate_far_too_high_is_warned_of(empty_lab: Path, open_page: OpenPage) -> None:
    assert "far too high" in texts(put(open_page("train"), learning_rate=100.0))


# Corpora


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
    gone = TINY.changed(corpus="own-gone")
    run = store_of(empty_lab).create(gone, name="learned from a text that was removed")
    page = open_page("train", run=run.id)
    button(page, "Take its settings").click().run()
    assert not page.exception
    assert "own-gone · not here any more" in page.selectbox(key="train_corpus").options
    assert "There is no corpus 'own-gone'" in texts(page)
    assert button(page, "Start").disabled


# Starting


@pytest.mark.usefixtures("waiting")
def test_start_makes_a_run_queues_it_and_shows_it(empty_lab: Path, open_page: OpenPage) -> None:
    page = put(open_page("train"), hidden_size=17, corpus="play")
    button(page, "Start").click().run()
    assert not page.exception
    run = store_of(empty_lab).open(shown_run(page))
    assert run.config.hidden_size == 17
    assert run.name == "LSTM 17 on The play"
    assert run.corpus_sha256
    assert "next in the queue" in texts(page)


@pytest.mark.usefixtures("waiting")
def test_a_second_run_waits_at_a_later_place_and_can_be_taken_out(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("train")
    button(page, "Start").click().run()
    button(page, "Start").click().run()
    assert "number 2" in texts(page)
    button(page, "Take out of the queue").click().run()
    assert "Stopped" in texts(page)
    assert "Resume" in labels(page)


@pytest.mark.usefixtures("waiting")
def test_a_hostile_name_is_shown_as_text(empty_lab: Path, open_page: OpenPage) -> None:
    hostile = "<script>alert(1)</script> **bold** ../../etc"
    page = open_page("train")
    page.text_input(key="train_run_name").set_value(hostile).run()
    button(page, "Start").click().run()
    assert store_of(empty_lab).open(shown_run(page)).name == hostile
    assert all(hostile not in each.value for each in page.markdown)


def test_a_full_disk_is_a_sentence(
    empty_lab: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Run:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(RunStore, "create", full)
    page = open_page("train")
    button(page, "Start").click().run()
    assert not page.exception
    assert "disk is full" in texts(page)


# Tries


@pytest.mark.usefixtures("waiting")
def test_moving_a_setting_starts_a_try_in_the_place_of_the_one_before(
    empty_lab: Path, open_page: OpenPage
) -> None:
    store = store_of(empty_lab)
    page = put(open_page("train"), learning_rate=0.002)
    page.toggle(key="train_retrain").set_value(True).run()
    first = shown_run(page)
    assert store.open(first).config.budget == 10.0
    put(page, learning_rate=0.02)
    second = shown_run(page)
    assert store.open(second).name == "Learning rate 0.002 → 0.02"
    assert store.open(second).note == first
    assert store.open(first).status().state == "stopped"
    assert "now: Learning rate 0.002 → 0.02 · –\n1: the first try · –" in texts(page)
    page.run()
    assert shown_run(page) == second  # nothing moved, nothing starts
    page.toggle(key="train_retrain").set_value(False).run()
    put(page, learning_rate=0.5)
    assert shown_run(page) == second


@pytest.mark.usefixtures("waiting")
def test_a_setting_that_cannot_be_trained_starts_no_try(
    empty_lab: Path, open_page: OpenPage
) -> None:
    page = open_page("train")
    page.toggle(key="train_retrain").set_value(True).run()
    before = shown_run(page)
    put(page, train_share=0.99, validation_share=0.95)
    assert page.error
    assert shown_run(page) == before


# The live panel


def test_the_newest_run_is_shown_without_a_click(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("train")
    drawn = curves(page)
    assert {"training", "validation", "test", "gradient norm"} <= set(drawn)
    assert {"Training loss", "Validation loss", "Test loss"} <= {each.label for each in page.metric}
    assert "Finished" in texts(page)
    assert page.code[0].value


def test_a_link_shows_its_run(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("train", run="gallery/tanh-rnn")
    assert page.selectbox(key="train_picked").value == "gallery/tanh-rnn"
    assert "Resume" not in labels(page)


@pytest.mark.parametrize("run_id", ["gone-abcdef", "../../etc/passwd", "<script>", "scratch/"])
def test_a_link_to_no_run_says_so_and_shows_another(
    small_lab: RunStore, open_page: OpenPage, run_id: str
) -> None:
    page = open_page("train", run=run_id)
    assert page.warning
    assert curves(page)


def test_choosing_a_run_puts_it_into_the_address(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("train")
    page.selectbox(key="train_picked").set_value("gallery/tanh-rnn").run()
    assert shown_run(page) == "gallery/tanh-rnn"


@pytest.mark.parametrize("unit", ["nats", "bits", "perplexity"])
@pytest.mark.parametrize("across", ["steps", "epochs", "characters", "seconds"])
def test_the_chart_can_be_seen_in_every_way(
    small_lab: RunStore, open_page: OpenPage, unit: str, across: str
) -> None:
    page = open_page("train")
    page.selectbox(key="train_view_unit").set_value(unit)
    page.selectbox(key="train_view_across").set_value(across)
    page.toggle(key="train_view_logarithmic").set_value(True)
    page.slider(key="train_view_smoothing").set_value(0.0).run()
    assert not page.exception
    assert "training, smoothed" not in curves(page)


def test_settings_of_a_run_can_be_taken(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("train", run="gallery/tanh-rnn")
    button(page, "Take its settings").click().run()
    assert page.session_state.train_cell == "rnn_tanh"
    assert page.session_state.train_hidden_size == 12


@pytest.mark.usefixtures("waiting")
def test_a_failed_run_says_what_to_change_and_one_click_tries_it(
    empty_lab: Path, open_page: OpenPage
) -> None:
    advice = "Learning rate 50 is high for Adam: try 0.002."
    with_status(store_of(empty_lab), state="failed", error="It diverged.", advice=advice)
    page = open_page("train")
    assert f"It diverged. {advice}" in texts(page)
    page.button(key="train_advice").click().run()
    assert not page.exception
    retried = store_of(empty_lab).open(shown_run(page))
    assert retried.config.learning_rate < TINY.learning_rate
    assert page.session_state.train_clipping == "norm"


@pytest.mark.parametrize(
    ("state", "word"), [("interrupted", "Interrupted"), ("stopped", "Stopped"), ("lost", "Lost")]
)
@pytest.mark.usefixtures("waiting")
def test_what_ended_early_goes_on_with_one_click(
    empty_lab: Path, open_page: OpenPage, state: str, word: str
) -> None:
    killed = {"state": "running", "beat": 1.0, "pid": 2**22 - 3}
    store = store_of(empty_lab)
    run = with_status(store, **(killed if state == "lost" else {"state": state}))
    page = open_page("train")
    assert word in texts(page)
    button(page, "Resume").click().run()
    assert not page.exception
    assert run.status().state == "queued"


@pytest.mark.usefixtures("waiting")
def test_what_waited_when_the_app_was_closed_goes_on_with_one_click(
    empty_lab: Path, open_page: OpenPage
) -> None:
    run = store_of(empty_lab).create(TINY, name="waited")
    claims.take(run.folder, 1, this_process())
    claims.give_up(run.folder, 1)
    page = open_page("train", run=run.id)
    assert "waited for its turn" in texts(page)
    button(page, "Resume").click().run()
    assert not page.exception
    assert run.status().state == "queued"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    """What the page asks of the job manager."""
    calls: list[tuple[str, Any]] = []
    for name in ("pause", "resume", "stop", "single_update"):
        monkeypatch.setattr(
            JobManager, name, lambda self, run_id, name=name: calls.append((name, run_id))
        )
    monkeypatch.setattr(
        JobManager, "change", lambda self, run_id, **changes: calls.append(("change", changes))
    )
    return calls


@pytest.mark.parametrize(
    ("state", "label", "call"),
    [
        ("running", "Pause", "pause"),
        ("running", "Stop", "stop"),
        ("paused", "Continue", "resume"),
        ("paused", "One update", "single_update"),
        ("paused", "Stop", "stop"),
    ],
)
def test_buttons_ask_the_job_manager(
    empty_lab: Path,
    open_page: OpenPage,
    asked: list[tuple[str, Any]],
    state: str,
    label: str,
    call: str,
) -> None:
    run = with_status(store_of(empty_lab), state=state)
    page = open_page("train")
    button(page, label).click().run()
    assert not page.exception
    assert asked == [(call, run.id)]


def test_learning_rate_and_clipping_change_while_it_trains(
    empty_lab: Path, open_page: OpenPage, asked: list[tuple[str, Any]]
) -> None:
    run = with_status(store_of(empty_lab), state="running")
    page = open_page("train")
    page.select_slider(key=f"train_now_learning_rate_{run.id}").set_value(0.05).run()
    page.session_state[f"train_now_clipping_{run.id}"] = "value"
    page.run()
    assert asked[0] == ("change", {"learning_rate": 0.05})


def test_an_action_that_comes_too_late_is_a_sentence(empty_lab: Path, open_page: OpenPage) -> None:
    run = with_status(store_of(empty_lab), state="running")
    page = open_page("train")
    status = json.loads((run.folder / "status.json").read_text(encoding="utf-8"))
    finished = json.dumps({**status, "state": "finished"})
    (run.folder / "status.json").write_text(finished, encoding="utf-8")
    button(page, "Pause").click().run()
    assert not page.exception
    assert "not being trained" in texts(page)


def test_the_page_reads_like_a_lesson() -> None:
    lines = (ROOT / "pages" / "train.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60


def test_a_new_session_begins_with_the_settings_of_the_run_in_its_address(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = next(run for run in small_lab.runs() if not run.read_only)
    page = open_page("train", run=run.id)
    assert page.session_state[train_controls.key("hidden_size")] == run.config.hidden_size
    assert page.session_state[train_controls.key("seq_length")] == run.config.seq_length


def test_settings_of_a_run_whose_own_text_is_gone_are_shown_without_harm(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    config = next(run for run in small_lab.runs() if not run.read_only).config
    run = small_lab.create(config.changed(corpus="own-gone", hidden_size=9), name="x")
    page = open_page("train", run=run.id)
    assert not page.exception
