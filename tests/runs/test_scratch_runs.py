"""Series of throw-away runs."""

from __future__ import annotations

from pathlib import Path

from rnnlab.runs.run import Run
from rnnlab.runs.selection import FIRST_SCRATCH_NAME, create_scratch_run, earlier_scratch_runs
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig


def series(store: RunStore, n: int) -> list[Run]:
    """n tries, each with one more hidden unit than the one before."""
    runs: list[Run] = []
    for i in range(n):
        config = RunConfig(hidden_size=10 + i)
        runs.append(create_scratch_run(store, config, runs[-1] if runs else None))
    return runs


def test_a_try_is_called_after_what_was_changed(tmp_path: Path) -> None:
    first, second = series(RunStore(tmp_path), 2)
    assert first.name == FIRST_SCRATCH_NAME
    assert second.name == "Hidden size 10 → 11"
    assert first.is_scratch


def test_earlier_scratch_runs_come_latest_first(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    first, second, third = series(store, 3)
    assert earlier_scratch_runs(store, third) == [second, first]
    assert earlier_scratch_runs(store, first) == []


def test_only_the_last_twenty_are_kept(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    runs = series(store, 25)
    assert len(store.runs(scratch=True)) == 20
    assert earlier_scratch_runs(store, runs[-1]) == runs[-2:-21:-1]


def test_two_series_do_not_mix(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    mine, other = series(store, 2), series(store, 2)
    assert earlier_scratch_runs(store, mine[-1]) == mine[:1]
    assert earlier_scratch_runs(store, other[-1]) == other[:1]


def test_an_ordinary_run_has_no_earlier_scratch_runs(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    tried = create_scratch_run(store, RunConfig())
    run = store.create(RunConfig(), name="real", note=tried.id)
    assert earlier_scratch_runs(store, run) == []


def test_a_note_that_is_no_run_ends_the_series(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = store.create(RunConfig(), name="try", note="../../etc", scratch=True)
    assert earlier_scratch_runs(store, run) == []
    itself = store.create(RunConfig(), name="try", note="x", scratch=True)
    assert earlier_scratch_runs(store, itself) == []
