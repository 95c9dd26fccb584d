"""What a loss means: the ladder beside a run, and texts that counting writes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pages.components import ladders
from rnnlab.inspection.ngram_ladder import counted, measured
from rnnlab.network.losses import cross_entropy
from rnnlab.runs.files import replace_json
from rnnlab.runs.run import LADDER
from rnnlab.runs.store import RunStore
from rnnlab.text.baselines import effective_order
from rnnlab.text.corpora.library import CorpusLibrary
from tests.pages.conftest import OpenPage, metric, play_run


def until_counted(store: RunStore, run_id: str) -> None:
    deadline = time.monotonic() + 30
    while ladders.ladder(store.open(run_id)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_empty_lab_says_where_to_begin(empty_lab: Path, open_page: OpenPage) -> None:
    assert "No network has been trained here yet" in open_page("loss").markdown[-1].value


def test_the_loss_of_a_run_is_set_beside_counts_on_the_same_part(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    until_counted(small_lab, run.id)
    page = open_page("loss", run=run.id)
    corpus = CorpusLibrary(empty_lab / "data").load("play")
    vocabulary = run.vocabulary()
    expected = measured(counted(run.config, corpus, vocabulary), run.config, corpus, vocabulary)
    (table,) = page.dataframe
    assert list(table.value["nats per character"]) == [f"{x:.3f}" for x in expected.validation]
    loss = run.status().val_loss
    assert loss is not None
    order = effective_order(loss, expected.validation)
    assert metric(page, "As good as") == f"{order:.1f}-gram"
    assert metric(page, "Loss of the network, validation part") == f"{loss:.3f}"


@pytest.mark.parametrize("order", [0, 6])
def test_each_order_writes(small_lab: RunStore, open_page: OpenPage, order: int) -> None:
    page = open_page("loss", run=play_run(small_lab).id)
    page.button_group(key="loss_order").set_value(order).run()
    texts = [each.value for each in page.code]
    assert [len(text) for text in texts] == [400, 400]
    page.number_input(key="loss_seed").set_value(7).run()
    assert [each.value for each in page.code] != texts


def test_a_ladder_that_ships_needs_no_text(small_lab: RunStore, open_page: OpenPage) -> None:
    run = small_lab.open("gallery/tanh-rnn")
    replace_json(run.folder / LADDER, {"validation": [4.0, 3.0, 2.5, 1.0], "test": []})
    page = open_page("loss", run=run.id)
    (table,) = page.dataframe
    assert list(table.value["nats per character"]) == ["4.000", "3.000", "2.500", "1.000"]


def test_an_own_text_is_scored_by_counting_and_by_the_network(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    run = play_run(small_lab)
    until_counted(small_lab, run.id)
    page = open_page("loss", run=run.id)
    page.button_group(key="loss_part").set_value("own text").run()
    text = "The clock is honest, and the clock is slow.\n"
    page.text_area(key="text_typed").set_value(text).run()
    models = counted(run.config, CorpusLibrary(empty_lab / "data").load("play"), run.vocabulary())
    ids = run.vocabulary().encode(text)
    (table,) = page.dataframe
    assert list(table.value["nats per character"]) == [f"{x:.3f}" for x in models.losses([ids])]
    expected, _ = cross_entropy(run.model("best").forward(ids[None, :-1]).logits, ids[None, 1:])
    assert metric(page, "Loss of the network, own text") == f"{expected:.3f}"


@pytest.mark.parametrize("text", ["", "T"])
def test_an_own_text_without_a_character_to_predict_is_refused(
    small_lab: RunStore, open_page: OpenPage, text: str
) -> None:
    run_id = play_run(small_lab).id
    until_counted(small_lab, run_id)
    page = open_page("loss", run=run_id)
    page.button_group(key="loss_part").set_value("own text").run()
    page.text_area(key="text_typed").set_value(text).run()
    assert "choose another text" in page.error[0].value
    assert not page.exception


def test_a_text_that_is_not_here_is_said(
    small_lab: RunStore, empty_lab: Path, open_page: OpenPage
) -> None:
    run_id = play_run(small_lab).id
    (empty_lab / "data" / "play.txt").unlink()
    page = open_page("loss", run=run_id)
    assert "not on this computer" in page.info[0].value
    assert page.error
    assert not page.exception
