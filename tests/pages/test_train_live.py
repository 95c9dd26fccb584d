"""The live panel of the Train page: curves, and what one can do with a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rnnlab.runs import leases
from rnnlab.runs.files import json_bytes, read_jsonl
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.leases import this_process
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from tests.pages.conftest import ROOT, TINY, OpenPage, given, metric
from tests.pages.train_page import button, curves, labels, shown_run, store_of, texts, with_status


def test_the_newest_run_is_shown_without_a_click(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("train")
    drawn = curves(page)
    assert {"training", "validation", "test", "gradient norm"} <= set(drawn)
    assert {"Training loss", "Validation loss", "Test loss"} <= {each.label for each in page.metric}
    assert "Finished" in texts(page)
    assert page.code[0].value


def test_a_link_shows_its_run(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("train", run="gallery/tanh-rnn")
    assert page.selectbox(key="run_picked").value == "gallery/tanh-rnn"
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
    page.selectbox(key="run_picked").set_value("gallery/tanh-rnn").run()
    assert shown_run(page) == "gallery/tanh-rnn"


@pytest.mark.parametrize("unit", ["nats", "bits", "perplexity", "accuracy"])
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


def test_accuracy_is_a_percentage_of_the_validation_part(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    run = small_lab.open("gallery/tanh-rnn")
    page = open_page("train", run=run.id)
    page.selectbox(key="train_view_unit").set_value("accuracy").run()
    assert not page.exception
    drawn, measured = curves(page), run.metrics()["val_accuracy"]
    assert set(drawn) == {"validation", "test", "gradient norm"}
    assert 0 < measured[-1] < 1
    assert metric(page, "Validation accuracy") == f"{100 * measured[-1]:.1f} %"
    assert metric(page, "Test accuracy") == f"{100 * run.metrics()['test_accuracy'][-1]:.1f} %"
    assert "Validation loss" not in {each.label for each in page.metric}
    assert page.toggle(key="train_view_logarithmic").disabled
    assert "percentage of next characters foreseen" in page.selectbox(key="train_view_unit").help


def forget_accuracies(run: Run) -> None:
    """Make a run as it was written when only losses were recorded."""
    path = run.folder / "metrics.jsonl"
    names = ("val_accuracy", "test_accuracy")
    lines = [{k: v for k, v in line.items() if k not in names} for line in read_jsonl(path)]
    path.write_bytes(b"".join(json_bytes(line) + b"\n" for line in lines))


def test_a_run_from_before_accuracies_were_recorded_says_so(
    small_lab: RunStore, open_page: OpenPage
) -> None:
    forget_accuracies(small_lab.open("gallery/tanh-rnn"))
    page = open_page("train", run="gallery/tanh-rnn")
    assert "validation" in curves(page)
    page.selectbox(key="train_view_unit").set_value("accuracy").run()
    assert not page.exception
    assert "The accuracy of this run is not recorded" in texts(page)
    assert metric(page, "Validation accuracy") == "–"
    assert not given(page, "plot")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("running", "accuracy is not measured yet"), ("stopped", "never measured on a validation")],
)
def test_a_run_without_an_evaluation_says_why_it_has_no_accuracy(
    empty_lab: Path, open_page: OpenPage, state: str, sentence: str
) -> None:
    with_status(store_of(empty_lab), state=state)
    page = open_page("train")
    page.selectbox(key="train_view_unit").set_value("accuracy").run()
    assert not page.exception
    assert sentence in texts(page)


def test_settings_of_a_run_can_be_taken(small_lab: RunStore, open_page: OpenPage) -> None:
    page = open_page("train", run="gallery/tanh-rnn")
    button(page, "Take its settings").click().run()
    assert page.session_state.train_cell == "rnn_tanh"
    assert page.session_state.train_hidden_size == 12


@pytest.mark.usefixtures("waiting")
def test_a_failed_run_says_what_to_change_and_one_click_does_it(
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
    leases.acquire(run.folder, 1, this_process())
    leases.release(run.folder, 1)
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
