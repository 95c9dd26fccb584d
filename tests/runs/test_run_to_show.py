"""Which run is shown when none was asked for."""

from __future__ import annotations

from pathlib import Path

from rnnlab.runs import leases
from rnnlab.runs.leases import this_process
from rnnlab.runs.selection import run_labels, run_to_show
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig


def test_an_empty_store_has_nothing_to_show(tmp_path: Path) -> None:
    assert run_to_show(RunStore(tmp_path)) is None


def test_the_newest_run_is_shown_and_no_try(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.create(RunConfig(), name="older")
    newer = store.create(RunConfig(), name="newer")
    store.create(RunConfig(), name="try", scratch=True)
    assert run_to_show(store) == newer


def test_a_run_at_work_comes_first(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    active = store.create(RunConfig(), name="waits in the queue")
    store.create(RunConfig(), name="newer")
    assert leases.acquire(active.folder, 1, this_process())
    assert run_to_show(store) == active


def test_runs_of_one_name_have_labels_of_their_own(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    twins = [store.create(RunConfig(), name="twin") for _ in range(3)]
    alone = store.create(RunConfig(), name="alone")
    tried = store.create(RunConfig(), name="alone", scratch=True)
    labels = run_labels([*twins, alone, tried])
    assert len(set(labels.values())) == 5
    assert labels[alone.id] == "alone"
    assert labels[tried.id] == "Try: alone"
    assert labels[twins[0].id] == f"twin · {twins[0].id[-6:]}"
