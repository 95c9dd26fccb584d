"""How often the worker saves, by a planted clock."""

from __future__ import annotations

import pytest

from rnnlab.runs.jobs import trainer
from rnnlab.runs.jobs.trainer import FIRST_SAVE, MAX_SAVE_SHARE, SAVE_EVERY, SaveSchedule


class Clock:
    """Stands in for the module `time`: it goes on only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(trainer, "time", clock)
    return clock


def spent_on_saving(clock: Clock, cost: float, seconds: float) -> tuple[float, int]:
    """The share of so many seconds that saves of this cost take, and how many there were."""
    schedule, began, spent, saves = SaveSchedule(FIRST_SAVE, SAVE_EVERY), clock.now, 0.0, 0
    while clock.now - began < seconds:
        clock.pass_by(0.05)  # of training
        if schedule.is_due():
            schedule.save(lambda: clock.pass_by(cost))
            spent, saves = spent + cost, saves + 1
    return spent / (clock.now - began), saves


@pytest.mark.parametrize("cost", [0.2, 1.0, 5.0])
def test_saves_take_one_percent_of_the_time_at_most(clock: Clock, cost: float) -> None:
    seconds = 20 * cost / MAX_SAVE_SHARE
    share, saves = spent_on_saving(clock, cost, seconds)
    assert 15 <= saves <= 21
    assert share <= MAX_SAVE_SHARE * 21 / 20  # the first one comes before it could be saved up for


def test_the_first_save_comes_soon_and_cheap_ones_every_ten_seconds_at_last(clock: Clock) -> None:
    schedule = SaveSchedule(FIRST_SAVE, SAVE_EVERY)
    assert not schedule.is_due()
    clock.pass_by(FIRST_SAVE)
    assert schedule.is_due()
    schedule.save(lambda: None)
    assert not schedule.is_due()
    clock.pass_by(60.0)
    schedule.save(lambda: None)
    clock.pass_by(SAVE_EVERY - 0.01)
    assert not schedule.is_due()
    clock.pass_by(0.01)
    assert schedule.is_due()
