"""Single numbers of a run by name."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from rnnlab.runs.files import append_line, replace_json
from rnnlab.runs.results import measured
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three measurements of a run with sequences of 8 characters out of 4 symbols."""
    run = RunStore(tmp_path).create(RunConfig(seq_length=8), name="one")
    replace_json(run.folder / "vocabulary.json", list("abcd"))
    for step, loss in ((0, 1.5), (10, 1.25), (30, None), (40, 1.0)):
        append_line(run.folder / "metrics.jsonl", {"step": step, "train_loss": loss})
    return run


def test_losses_of_a_sequence_are_sums(run: Run) -> None:
    assert measured(run, "first_loss") == 1.5
    assert measured(run, "first_sequence_loss") == 8 * 1.5


def test_the_smoothed_loss_starts_at_guessing(run: Run) -> None:
    after_ten = 0.999**10 * 8 * math.log(4) + (1 - 0.999**10) * 8 * 1.25
    # The line without a number is passed over; the last one counts its own ten updates.
    expected = 0.999**10 * after_ten + (1 - 0.999**10) * 8 * 1.0
    assert measured(run, "smoothed_loss") == pytest.approx(expected, rel=1e-12)


def test_a_run_without_measurements_has_no_numbers(tmp_path: Path) -> None:
    empty = RunStore(tmp_path).create(RunConfig(), name="one")
    for key in ("first_loss", "first_sequence_loss", "smoothed_loss", "val_loss", "anything"):
        assert measured(empty, key) is None
