"""Which run is shown to somebody who has not chosen one, and whose vectors a corpus gets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnlab.network.char_rnn import Architecture
from rnnlab.network.initialization import initial_params
from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.run import Run
from rnnlab.runs.selection import (
    default_run,
    gallery_on_its_text,
    overview,
    passage,
    run_labels,
    run_on_corpus,
    run_to_compare,
    short_names,
)
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import write_weights
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig

ABC = Vocabulary.from_text("abc")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path)


def trained(store: RunStore, vocabulary: Vocabulary = ABC, **changes: object) -> Run:
    config = RunConfig(hidden_size=3).replace(**changes)
    run = store.create(config, name="x")
    replace_json(run.folder / "vocabulary.json", vocabulary.to_json())
    architecture = Architecture(config.cell, len(vocabulary), config.embedding_size, 3, 1)
    params = initial_params(architecture, "pytorch", np.random.default_rng(1))
    (run.folder / "weights").mkdir()
    write_weights(run.folder / "weights" / "best.safetensors", params, half=False)
    return run


def test_nothing_is_shown_without_weights(store: RunStore) -> None:
    assert default_run(store) is None
    store.create(RunConfig(), name="not trained")
    assert default_run(store) is None


def test_the_gallery_comes_first_and_in_it_the_lstm(store: RunStore) -> None:
    own = trained(store)
    assert default_run(store) == own
    for cell in ("rnn_tanh", "lstm"):
        run = trained(store, cell=cell)
        (store.root / "gallery").mkdir(exist_ok=True)
        run.folder.rename(store.root / "gallery" / cell.replace("_", "-"))
    shown = default_run(store)
    assert shown is not None
    assert shown.id == "gallery/lstm"


def test_a_passage_ends_with_a_whole_line(store: RunStore) -> None:
    run = trained(store)
    assert passage(run, 20) == ""
    append_line(run.folder / "samples.jsonl", {"step": 1, "prime": "", "text": "abc"})
    assert passage(run, 20) == "abc"
    (run.folder / "written.txt").write_text("ab cb\nbc\nabcabcabc")
    assert passage(run, 12) == "ab cb\nbc"
    assert passage(run, 3) == "ab "


def test_vectors_come_from_a_run_with_these_characters_best_with_an_embedding(
    store: RunStore,
) -> None:
    assert run_on_corpus(store, "play", ABC) is None
    one_hot = trained(store)
    assert run_on_corpus(store, "play", ABC) == one_hot
    embedded = trained(store, embedding_size=2)
    assert run_on_corpus(store, "play", ABC) == embedded
    trained(store, Vocabulary.from_text("abcd"), embedding_size=2)
    assert run_on_corpus(store, "play", ABC) == embedded
    assert run_on_corpus(store, "reber", ABC) is None
    (embedded.folder / "vocabulary.json").write_text("{")
    assert run_on_corpus(store, "play", ABC) == one_hot


def test_the_overview_counts_what_is_there(store: RunStore) -> None:
    now = overview(store)
    assert (now.own, now.gallery, now.training, now.waiting) == (0, 0, (), 0)
    trained(store)
    store.create(RunConfig(), name="thrown away", scratch=True)
    now = overview(store)
    assert (now.own, now.gallery, now.training, now.waiting) == (1, 0, (), 0)


def test_a_run_is_compared_with_the_next_of_the_gallery_on_its_text(store: RunStore) -> None:
    own, other = trained(store), trained(store, corpus="reber")
    assert run_to_compare(own, [own, other]) == own
    twin = trained(store)
    assert run_to_compare(own, [own, other, twin]) == twin
    (store.root / "gallery").mkdir()
    for cell in ("gru", "lstm"):
        run = trained(store, cell=cell)
        run.folder.rename(store.root / "gallery" / cell)
    first, second = store.gallery()
    offered = [own, twin, first, other, second]
    assert run_to_compare(own, offered) == first
    assert run_to_compare(first, offered) == second
    assert run_to_compare(second, offered) == first
    assert gallery_on_its_text(own, offered) == [first, second]
    assert gallery_on_its_text(other, offered) == []


def test_only_runs_of_one_name_are_told_apart_in_a_figure(store: RunStore) -> None:
    first, second = trained(store), trained(store)
    labels = run_labels([first, second])
    assert short_names([first], labels) == {first.id: "x"}
    assert len(set(short_names([first, second], labels).values())) == 2
