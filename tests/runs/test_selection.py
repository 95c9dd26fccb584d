"""Which weights of a run are there, in the order of time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rnnlab.runs.run import Run
from rnnlab.runs.selection import Snapshot, snapshots
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import SUFFIX, write_weights
from rnnlab.training.config import RunConfig


def stored(store: RunStore, names: list[str], status: dict[str, object]) -> Run:
    """A run whose validation loss was lowest after update 30, with these weights."""
    run = store.create(RunConfig(corpus="play"), name="planted")
    (run.folder / "weights").mkdir()
    for name in names:
        write_weights(run.folder / "weights" / f"{name}{SUFFIX}", {"w": np.ones(1)}, half=False)
    losses = {10: 3.0, 30: 1.0, 40: 2.0}
    lines = [json.dumps({"step": step, "val_loss": loss}) for step, loss in losses.items()]
    (run.folder / "metrics.jsonl").write_text("\n".join(lines) + "\n")
    (run.folder / "status.json").write_text(json.dumps(status))
    return run


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["0", "2", "40", "best", "last"], [(0, "0"), (2, "2"), (30, "best"), (40, "40")]),
        (["0", "best", "last"], [(0, "0"), (30, "best"), (40, "last")]),
        (["30", "best"], [(30, "30")]),
        ([], []),
    ],
)
def test_best_and_last_come_where_they_belong(
    tmp_path: Path, names: list[str], expected: list[tuple[int, str]]
) -> None:
    run = stored(RunStore(tmp_path), names, {"state": "finished", "attempt": 1, "step": 40})
    assert snapshots(run) == [Snapshot(*each) for each in expected]


def test_of_many_snapshots_those_kept_are_spread(tmp_path: Path) -> None:
    run = stored(RunStore(tmp_path), [str(n) for n in range(9)], {"state": "finished"})
    assert [snapshot.step for snapshot in snapshots(run, 3)] == [0, 4, 8]
