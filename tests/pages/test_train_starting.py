"""Starting runs on the Train page, and tries on change."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from tests.pages.conftest import OpenPage
from tests.pages.train_page import button, labels, put, shown_run, store_of, texts


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
