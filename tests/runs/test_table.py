"""Rows of the table of runs, filters, and what differs between settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.store import RunStore
from rnnlab.runs.table import (
    GALLERY,
    OWN,
    SCRATCH_RUN,
    Filter,
    all_settings,
    differing_settings,
    file_name,
    filtered,
    table,
    to_compare,
)
from rnnlab.training.config import RunConfig, settings

LSTM = RunConfig(hidden_size=64, embedding_size=8)
GRU = RunConfig(cell="gru", corpus="reber", optimizer="sgd", batching="items")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    store = RunStore(tmp_path)
    store.create(LSTM, name="First *try*")
    store.create(GRU, name="a grammar")
    store.create(LSTM, name="moved a slider", scratch=True)
    shipped = store.create(LSTM, name="Ships")
    (tmp_path / "gallery").mkdir()
    shipped.folder.rename(tmp_path / "gallery" / "lstm")
    return store


def test_rows_say_where_a_run_comes_from(store: RunStore) -> None:
    origins = {row.name: row.origin for row in table(store, scratch=True)}
    assert origins == {
        "First *try*": OWN,
        "a grammar": OWN,
        "Ships": GALLERY,
        "moved a slider": SCRATCH_RUN,
    }
    assert "moved a slider" not in [row.name for row in table(store)]


def test_a_row_holds_what_the_status_says(store: RunStore) -> None:
    run = next(run for run in store.runs() if run.name == "a grammar")
    status = {"state": "finished", "step": 7, "val_loss": 2.5, "best_val_loss": 2.25}
    replace_json(run.folder / "status.json", {**status, "parameters": 99, "attempt": 1})
    row = next(row for row in table(store) if row.run_id == run.id)
    assert (row.state, row.steps, row.val_loss, row.parameters) == ("Finished", 7, 2.25, 99)
    assert row.test_loss is None
    assert (row.cell, row.optimizer, row.batching) == ("GRU", "SGD", "single items")
    assert (row.embedding, row.is_active) == ("one-hot", False)


def test_a_run_without_a_status_has_a_row(store: RunStore) -> None:
    assert {row.state for row in table(store)} == {"Not started"}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), ["First *try*", "Ships", "a grammar"]),
        (Filter(text="TRY lstm"), ["First *try*"]),
        (Filter(text="lstm 64"), ["First *try*", "Ships"]),
        (Filter(text="no such word"), []),
        (Filter(cells=("GRU",)), ["a grammar"]),
        (Filter(corpora=("reber", "play"), cells=("LSTM",)), ["First *try*", "Ships"]),
        (Filter(states=("Finished",)), []),
    ],
)
def test_filters_keep_what_fits_all_of_them(
    store: RunStore, wanted: Filter, names: list[str]
) -> None:
    assert sorted(row.name for row in filtered(table(store), wanted)) == names


def test_only_settings_that_differ_are_named() -> None:
    differing = differing_settings([LSTM, GRU, LSTM])
    assert {setting.label: setting.values for setting in differing} == {
        "Corpus": ("play", "reber", "play"),
        "Batching": ("streams", "single items", "streams"),
        "Cell": ("LSTM", "GRU", "LSTM"),
        "Embedding size": ("8", "one-hot", "8"),
        "Hidden size": ("64", "128", "64"),
        "Optimizer": ("Adam", "SGD", "Adam"),
    }
    assert differing_settings([LSTM, LSTM]) == []


def test_all_settings_are_listed_in_words() -> None:
    listed = dict(all_settings(GRU))
    assert len(listed) == len(settings())
    assert listed["Cell"] == "GRU"


def test_a_zip_is_called_like_its_run_without_a_folder(store: RunStore) -> None:
    (shipped,) = store.gallery()
    assert file_name(shipped) == "gallery-lstm.zip"


def test_runs_with_a_curve_are_compared_the_newest_first(store: RunStore) -> None:
    assert to_compare(store) == []
    run = store.gallery()[0]
    for step in (0, 1):
        append_line(run.folder / "metrics.jsonl", {"step": step, "train_loss": 4.0})
    assert to_compare(store) == [run]
