"""Colors of values: bounds, packing and its error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.figures.scales import SHARE, TANH, Scale, rounded_up, scale_for
from rnnlab.network.cells import CELLS, ValueInfo


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=50))
def test_packing_errs_by_half_a_step_at_most(values: list[float]) -> None:
    counts = TANH.packed(np.array(values))
    assert counts.dtype == np.int8
    np.testing.assert_allclose(counts * TANH.step, values, atol=TANH.step / 2 + 1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_shares_use_all_of_a_byte(values: list[float]) -> None:
    counts = SHARE.packed(np.array(values))
    assert counts.dtype == np.uint8
    np.testing.assert_allclose(counts * SHARE.step, values, atol=SHARE.step / 2 + 1e-12)


def test_what_lies_beyond_the_scale_takes_the_last_color_and_nan_the_middle() -> None:
    values = np.array([-np.inf, -9.0, np.nan, 9.0, np.inf])
    assert TANH.packed(values).tolist() == [-127, -127, 0, 127, 127]


def test_the_middle_of_a_diverging_scale_is_zero_exactly() -> None:
    assert Scale("diverging", -3.0, 3.0).packed(np.zeros(1))[0] == 0


@pytest.mark.parametrize(
    "scale", [Scale("diverging", -40.0, 40.0), Scale("sequential", 0.0, 300.0)]
)
def test_wide_scales_still_tell_two_decimals(scale: Scale) -> None:
    values = np.linspace(scale.low, scale.high, 1001)
    counts = scale.packed(values)
    assert counts.dtype.itemsize == 2
    np.testing.assert_allclose(counts * scale.step, values, atol=0.005)


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_every_value_of_every_cell_has_a_scale_that_holds_it(cell: type) -> None:
    values = np.array([0.0, 0.2, 0.9])
    for info in cell.VALUES.values():
        scale = scale_for(info, values)
        assert scale.low <= values.min() < values.max() <= scale.high
        assert scale.low in (0, -scale.high)
        assert (scale.low == 0) == (info.low == 0)


def test_unbounded_values_get_a_limit_of_their_own() -> None:
    info = ValueInfo("c", "memory", None, None)
    assert scale_for(info, np.array([-4.3, 2.0, np.nan, np.inf])) == Scale("diverging", -5, 5)
    assert scale_for(info, np.zeros(3)) == Scale("diverging", -1, 1)


@given(st.floats(1e-6, 1e6))
def test_limits_are_round_and_not_much_too_wide(limit: float) -> None:
    assert limit * (1 - 1e-6) <= rounded_up(limit) <= 1.51 * limit


def test_a_few_far_values_do_not_make_all_others_pale() -> None:
    info = CELLS["lstm"].VALUES["c"]
    values = np.concatenate([np.linspace(-2, 2, 99), [60.0]])
    scale = scale_for(info, values)
    assert scale == Scale("diverging", -60, 60, strongest=2)
    assert scale.color_range == (-2, 2)
    assert scale.words == "from −60 to 60, strongest from 2 on"
    assert Scale("diverging", -1, 1).color_range == (-1, 1)
