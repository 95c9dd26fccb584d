"""Which run somebody means."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rnnlab.runs.errors import BrokenRun, RunError, RunNotFound
from rnnlab.runs.lookup import find_run
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig

IDS = ("lstm-64-play-k3f9x2", "gru-64-play-a2b3c4", "gallery/shakespeare-lstm", "labs/dino-lstm-1")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """Four runs that were never trained, two of them shipped."""
    store = RunStore(tmp_path / "runs")
    made = store.create(RunConfig(), name="as made").folder
    for run_id in IDS:
        shutil.copytree(made, store.root / run_id)
    shutil.rmtree(made)
    store.rename(IDS[0], "My best")
    store.rename(IDS[1], "Another")
    return store


@pytest.mark.parametrize("run_id", IDS)
def test_an_id_is_the_run(store: RunStore, run_id: str) -> None:
    assert find_run(store, run_id).id == run_id


@pytest.mark.parametrize(
    ("named", "run_id"),
    [
        ("shakespeare-lstm", IDS[2]),
        ("dino-lstm-1", IDS[3]),
        ("my  BEST", IDS[0]),
        ("lstm-64", IDS[0]),
        ("anoth", IDS[1]),
        ("k3f9x2", IDS[0]),
    ],
)
def test_a_short_name_that_fits_one_run(store: RunStore, named: str, run_id: str) -> None:
    assert find_run(store, named).id == run_id


def test_a_whole_name_goes_before_a_part_of_others(store: RunStore) -> None:
    shutil.copytree(store.root / IDS[2], store.root / "gallery" / "shakespeare-lstm-2")
    assert find_run(store, "shakespeare-lstm").id == IDS[2]


def test_several_fits_are_all_named(store: RunStore) -> None:
    with pytest.raises(RunError) as refused:
        find_run(store, "64-play")
    assert not isinstance(refused.value, RunNotFound)
    assert all(run_id in str(refused.value) for run_id in IDS[:2])
    assert not any(run_id in str(refused.value) for run_id in IDS[2:])


def test_a_wrong_name_gets_the_nearest(store: RunStore) -> None:
    with pytest.raises(RunNotFound, match=r"no run 'shakespear-ltsm' here; .* gallery/shakespeare"):
        find_run(store, "shakespear-ltsm")
    with pytest.raises(RunNotFound, match="no run 'zzz' here: give an id"):
        find_run(store, "zzz")
    with pytest.raises(RunNotFound):
        find_run(store, "")


def test_a_path_to_a_folder_of_the_store_is_that_run(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(store.root.parent)
    assert find_run(store, f"runs/{IDS[0]}") is store.open(IDS[0])
    assert find_run(store, str(store.root / IDS[2])).id == IDS[2]


def test_a_path_to_a_folder_elsewhere_is_a_run_that_is_only_read(
    store: RunStore, tmp_path: Path
) -> None:
    shutil.copytree(store.root / IDS[0], tmp_path / "USB stick")
    found = find_run(store, str(tmp_path / "USB stick"))
    assert (found.folder, found.name, found.read_only) == (tmp_path / "USB stick", "My best", True)
    (tmp_path / "USB stick" / "config.json").write_text("{")
    with pytest.raises(BrokenRun):
        find_run(store, str(tmp_path / "USB stick"))


def test_a_damaged_run_is_not_passed_over_for_another(store: RunStore) -> None:
    (store.root / IDS[0] / "config.json").write_text("{")
    with pytest.raises(BrokenRun):
        find_run(store, IDS[0])
