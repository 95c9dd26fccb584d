"""Learning rates over a run."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.training.config import RunConfig, ScheduleName
from rnnlab.training.loop import FLOOR, learning_rate, schedule_factor

SCHEDULES = get_args(ScheduleName)
shares = st.floats(0, 1)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_schedules_start_at_one_and_end_at_the_floor(schedule: str) -> None:
    assert schedule_factor(schedule, 0.0, 0.0) == 1
    end = 1 if schedule == "constant" else FLOOR
    assert schedule_factor(schedule, 0.0, 1.0) == pytest.approx(end)
    assert schedule_factor(schedule, 0.2, 1.0) == pytest.approx(end)


@pytest.mark.parametrize(
    ("schedule", "half"),
    [("constant", 1), ("linear", 0.505), ("cosine", 0.505), ("exponential", 0.1)],
)
def test_half_way(schedule: str, half: float) -> None:
    assert schedule_factor(schedule, 0.0, 0.5) == pytest.approx(half)
    assert schedule_factor(schedule, 0.2, 0.6) == pytest.approx(half)


@given(st.sampled_from(SCHEDULES), st.floats(0, 0.9), shares, shares)
def test_the_factor_rises_in_the_warm_up_and_never_after(
    schedule: str, warmup: float, a: float, b: float
) -> None:
    first, second = sorted((a, b))
    early, late = (schedule_factor(schedule, warmup, p) for p in (first, second))
    assert 0 <= early <= 1
    if second < warmup:
        assert early <= late
    elif first >= warmup:
        assert early >= late


def test_another_base_replaces_the_configured_rate_and_keeps_the_schedule() -> None:
    config = RunConfig(learning_rate=0.5, schedule="linear")
    assert learning_rate(config, 0.5) == pytest.approx(0.5 * 0.505)
    assert learning_rate(config, 0.5, base=0.1) == pytest.approx(0.1 * 0.505)
