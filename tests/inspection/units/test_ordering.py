"""Known answers: what was planted must be found."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.units.activations import top_passages
from rnnlab.inspection.units.ordering import ORDERS, order_units, state_path


def test_variance_puts_the_liveliest_first_and_keeps_equals_in_order() -> None:
    wave = np.sin(np.arange(50.0))[:, None]
    trace = wave * [1, 0, 3, 0, -2] + [0, 9, 0, -9, 0]
    assert order_units(trace, "variance").tolist() == [2, 4, 0, 1, 3]
    assert order_units(trace, "index").tolist() == [0, 1, 2, 3, 4]


def test_similarity_puts_units_that_move_together_side_by_side() -> None:
    """Three planted groups among 24 units; scale and offset do not matter, the sign does."""
    rng = np.random.default_rng(0)
    group = rng.permutation(np.repeat([0, 1, 2], 8))
    waves = rng.normal(size=(400, 2))
    waves = np.column_stack([waves, -waves[:, 0]])  # the third is the opposite of the first
    trace = waves[:, group] * rng.uniform(0.1, 5, 24) + rng.normal(size=24)
    trace += 0.05 * rng.normal(size=trace.shape)
    ordered = group[order_units(trace, "similarity")]
    assert np.count_nonzero(np.diff(ordered)) == 2
    assert ordered[12] == 1  # the opposites lie farthest apart


@pytest.mark.parametrize("by", ORDERS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (9, 1), (9, 2), (9, 3), (40, 6)])
def test_every_order_names_each_unit_once(by: str, shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    for trace in (rng.normal(size=shape).astype(np.float32), np.zeros(shape, np.float16)):
        assert sorted(order_units(trace, by)) == list(range(shape[1]))


def test_an_order_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="ordered by 'size', only by index, variance, similarity"):
        order_units(np.zeros((3, 2)), "size")


def test_planted_peaks_are_found_highest_first() -> None:
    trace = np.zeros((1000, 3), np.float32)
    trace[[300, 700, 500], 1] = 0.5, 0.9, -2.0
    text = "".join(chr(97 + t % 26) for t in range(1000))
    first, second = top_passages(trace, 1, text, k=2, width=30)
    assert (first.start, first.peak, first.end) == (680, 700, 710)
    assert first.text == text[680:710]
    assert first.value == pytest.approx(0.9)
    assert second.peak == 300
    lowest = top_passages(-trace, 1, text, k=1, width=30)[0]
    assert (lowest.peak, lowest.value) == (500, 2.0)


def test_passages_do_not_overlap_and_fill_the_text_at_most() -> None:
    trace = np.random.default_rng(0).normal(size=(500, 1))
    passages = top_passages(trace, 0, "x" * 500, k=99, width=40)
    covered = np.concatenate([np.arange(p.start, p.end) for p in passages])
    assert len(covered) == len(set(covered)) == 40 * len(passages)
    assert [p.value for p in passages] == sorted((p.value for p in passages), reverse=True)
    assert all(p.start <= p.peak < p.end <= 500 for p in passages)
    assert passages[0].peak == trace.argmax()
    assert 6 <= len(passages) <= 12


@pytest.mark.parametrize("peak", [0, 1, 9])
def test_a_peak_at_the_edge_has_a_whole_passage(peak: int) -> None:
    trace = np.zeros((10, 1))
    trace[peak] = 1
    (passage,) = top_passages(trace, 0, "abcdefghij", k=1, width=6)
    assert passage.peak == peak
    assert len(passage.text) == 6


def test_a_short_text_is_one_passage() -> None:
    (passage,) = top_passages(np.ones((3, 1)), 0, "abc", k=5, width=60)
    assert passage.text == "abc"
    assert top_passages(np.ones((0, 1)), 0, "") == []


def test_a_text_that_does_not_fit_the_trace_is_refused() -> None:
    with pytest.raises(ValueError, match="2 characters, but the trace has 3"):
        top_passages(np.ones((3, 1)), 0, "ab")


def test_a_planted_plane_is_found_with_its_shares() -> None:
    """A path with variances 9 and 1 in two directions of 12, and a mean that does not count."""
    rng = np.random.default_rng(0)
    plane, _ = np.linalg.qr(rng.normal(size=(12, 2)))
    angle = np.arange(360) * np.pi / 180
    planted = np.column_stack([3 * np.cos(angle), np.sin(angle)])
    found = state_path(planted @ plane.T + 5)
    np.testing.assert_allclose(found.shares, [0.9, 0.1], rtol=1e-9)
    np.testing.assert_allclose(np.abs(found.path), np.abs(planted), atol=1e-9)
    np.testing.assert_allclose(np.abs(found.directions @ plane), np.eye(2), atol=1e-9)
    np.testing.assert_allclose(found.project(planted @ plane.T + 5), found.path, atol=1e-9)


def test_the_same_text_gives_the_same_picture_whatever_the_sign_of_rounding() -> None:
    trace = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)
    found = state_path(trace)
    assert (found.directions.max(axis=1) == np.abs(found.directions).max(axis=1)).all()


@pytest.mark.parametrize("shape", [(1, 4), (2, 4), (9, 1), (1, 1)])
def test_a_path_always_has_two_coordinates(shape: tuple[int, int]) -> None:
    found = state_path(np.random.default_rng(0).normal(size=shape))
    assert found.path.shape == (shape[0], 2)
    assert found.directions.shape == (2, shape[1])
    assert found.shares.sum() == pytest.approx(float(shape[0] > 1))
