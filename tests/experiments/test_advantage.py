"""How far one measure lies above another."""

from __future__ import annotations

import pytest

from rnnlab.experiments.experiment import Measure
from rnnlab.experiments.reproduction import Reproduced, advantage


def found(key: str, *values: float) -> Reproduced:
    return Reproduced(Measure(key, key, ""), {f"{key}{k}": v for k, v in enumerate(values)})


def test_a_difference_is_told_in_spreads_of_the_baseline() -> None:
    one = advantage({"a": found("a", 9.0, 11.0), "b": found("b", 1.0, 2.0, 3.0)}, "a", "b")
    assert one is not None
    assert one.spreads == pytest.approx((10 - 2) / 1)


@pytest.mark.parametrize("values", [(), (1.0,), (1.0, 1.0)])
def test_without_a_spread_there_is_no_answer(values: tuple[float, ...]) -> None:
    assert advantage({"a": found("a", 2.0), "b": found("b", *values)}, "a", "b") is None
    assert advantage({"a": found("a", 2.0)}, "a", "b") is None
