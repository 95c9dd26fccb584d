"""When a run ends, keeps its weights and is evaluated."""

from __future__ import annotations

import itertools

import pytest

from rnnlab.training.config import RunConfig
from rnnlab.training.pacing import (
    EVALUATION_SHARE,
    Budget,
    EvaluationPace,
    Stopwatch,
    is_snapshot_step,
)


def test_a_stopwatch_does_not_count_pauses() -> None:
    now = [10.0]
    watch = Stopwatch(clock=lambda: now[0])
    assert watch.seconds == 0
    watch.start()
    now[0] = 13.0
    watch.start()  # running already
    assert watch.seconds == 3
    watch.stop()
    watch.stop()
    now[0] = 50.0
    assert watch.seconds == 3
    watch.start()
    now[0] = 51.0
    assert watch.seconds == 4


@pytest.mark.parametrize(
    ("budget", "unit", "total"),
    [(7, "steps", 7), (2, "epochs", 20), (0.26, "epochs", 3), (0.001, "epochs", 1)],
)
def test_budgets_in_steps_and_epochs(budget: float, unit: str, total: int) -> None:
    made = Budget(RunConfig(budget=budget, budget_unit=unit), updates_per_epoch=10)
    assert made.total_steps == total
    assert made.progress(0, 99.0) == 0
    assert made.progress(total - 1, 0.0) < 1
    assert made.progress(total, 0.0) == made.progress(total + 5, 0.0) == 1


def test_a_budget_in_seconds() -> None:
    made = Budget(RunConfig(budget=40, budget_unit="seconds"), updates_per_epoch=10)
    assert made.total_steps is None
    assert [made.progress(3, s) for s in (0.0, 10.0, 40.0, 41.0)] == [0, 0.25, 1, 1]


def test_snapshots_are_spaced_by_factors_of_the_root_of_two() -> None:
    kept = [step for step in range(1000) if is_snapshot_step(step)]
    assert kept == [0, 1, 2, 4, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256, 362, 512, 724]


def simulate(total: float, cost: float, update: float = 0.05) -> tuple[list[float], float]:
    """When evaluations of this cost happen in a run of so many seconds, and what they cost."""
    pace, now, times = EvaluationPace(1000), 0.0, []
    characters_per_second = 1000 / (3 * cost)  # makes the first guess right
    while now < total:
        now += update
        if pace.is_due(now, now / total, characters_per_second):
            times.append(now)
            pace.note(now, cost)
            now += cost
    return times, len(times) * cost


@pytest.mark.parametrize("total", [3.0, 30.0, 600.0])
@pytest.mark.parametrize("cost", [0.01, 0.3, 3.0])
def test_evaluations_keep_to_their_share_of_the_time(total: float, cost: float) -> None:
    times, spent = simulate(total, cost)
    assert spent <= max(EVALUATION_SHARE * total, cost) + 1e-9
    assert len(times) <= 65


def test_the_first_evaluation_comes_early_and_early_ones_are_dense() -> None:
    times, _ = simulate(60.0, 0.4)
    assert times[0] < 3
    assert len([t for t in times if t < 20]) >= 3
    assert times[-1] > 45
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert sum(gaps[:2]) < sum(gaps[-2:])


def test_a_resumed_run_keeps_to_the_share_too() -> None:
    pace = EvaluationPace(1000, start_seconds=100.0)
    assert not pace.is_due(100.2, 0.5, 1e6)
    assert not pace.is_due(103.0, 0.5, 1e6)
    assert pace.is_due(105.0, 0.5, 1e6)
