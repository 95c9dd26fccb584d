"""Units, smoothing and thinning of curves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rnnlab.figures.series import (
    accuracy_text,
    foreseen,
    in_unit,
    latest,
    loss_text,
    measured,
    smoothed,
    smoothed_latest,
    thinned,
)


def test_units_of_a_loss() -> None:
    losses = np.array([math.log(2), math.log(65), math.nan])
    np.testing.assert_allclose(in_unit(losses, "bits"), [1.0, math.log2(65), math.nan])
    np.testing.assert_allclose(in_unit(losses, "perplexity"), [2.0, 65.0, math.nan])
    np.testing.assert_allclose(in_unit(losses, "nats"), losses)


def test_a_huge_loss_has_an_infinite_perplexity_and_no_warning() -> None:
    assert in_unit(np.array([1000.0]), "perplexity")[0] == math.inf


def test_smoothing_starts_at_the_first_value_and_keeps_a_constant() -> None:
    np.testing.assert_allclose(smoothed(np.full(50, 3.5), 0.9), 3.5)
    assert smoothed(np.array([4.0, 2.0]), 0.97)[0] == pytest.approx(4.0)


def test_smoothing_follows_its_definition() -> None:
    y, w = [4.0, 2.0, 1.0], 0.6
    last, expected = 0.0, []
    for k, value in enumerate(y, start=1):
        last = w * last + (1 - w) * value
        expected.append(last / (1 - w**k))
    np.testing.assert_allclose(smoothed(np.array(y), w), expected, rtol=1e-12)


def test_new_points_do_not_move_smoothed_ones() -> None:
    y = np.random.default_rng(1).normal(size=300)
    np.testing.assert_array_equal(smoothed(y, 0.95)[:200], smoothed(y[:200], 0.95))


@pytest.mark.parametrize("weight", [0.0, -1.0])
def test_no_smoothing_leaves_the_curve(weight: float) -> None:
    np.testing.assert_array_equal(smoothed(np.array([1.0, 5.0]), weight), [1.0, 5.0])


@pytest.mark.parametrize("n", [0, 1, 299, 300, 301, 999, 12_345])
def test_thinning_keeps_the_ends_and_the_extremes(n: int) -> None:
    x = np.arange(n, dtype=float)
    y = np.random.default_rng(2).normal(size=n)
    few_x, few_y = thinned(x, y, 300)
    assert len(few_x) <= 303
    assert np.all(np.diff(few_x) > 0)
    if n:
        assert few_x[-1] == x[-1]
        assert few_y.min() == y.min()
        assert few_y.max() == y.max()
        np.testing.assert_array_equal(few_y, y[few_x.astype(int)])


def test_a_single_spike_survives_thinning() -> None:
    y = np.ones(10_000)
    y[4321] = 50.0
    assert thinned(np.arange(10_000.0), y, 200)[1].max() == 50.0


def test_thinned_points_stay_where_they_are_as_the_curve_grows() -> None:
    rng = np.random.default_rng(3)
    x, y = np.arange(2000.0), rng.normal(size=2000)
    earlier = {point for point in thinned(x[:1500], y[:1500], 300)[0] if point < 1480}
    assert earlier <= set(thinned(x[:1600], y[:1600], 300)[0])


def test_points_without_a_measurement_are_left_out() -> None:
    x, y = measured(np.array([1.0, 2.0, 3.0]), np.array([5.0, np.nan, np.inf]))
    assert x.tolist() == [1.0]
    assert y.tolist() == [5.0]


def test_the_latest_value_is_the_last_one_measured() -> None:
    assert latest(np.array([1.0, 2.0, np.nan])) == 2.0
    assert latest(np.array([np.nan])) is None
    assert smoothed_latest(np.array([]), 0.9) is None


@pytest.mark.parametrize("weight", [0.0, 0.5, 0.99])
def test_the_latest_smoothed_value_ends_the_smoothed_curve(weight: float) -> None:
    y = np.random.default_rng(4).normal(3.0, 1.0, size=4000)
    with_gap = np.append(y, np.nan)
    assert smoothed_latest(with_gap, weight) == pytest.approx(smoothed(y, weight)[-1], abs=1e-4)


def test_a_loss_in_words() -> None:
    assert loss_text(math.log(2), "bits") == "1.000"
    assert loss_text(math.log(2), "perplexity") == "2.000"
    assert loss_text(None, "nats") == "–"
    assert loss_text(1.977e32, "nats") == "2e+32"
    assert loss_text(1e9, "perplexity") == "∞"


def test_an_accuracy_in_words() -> None:
    assert accuracy_text(0.5634) == "56.3 %"
    assert accuracy_text(1.0) == "100.0 %"
    assert accuracy_text(None) == "–"


def test_what_is_foreseen_depends_on_what_is_learned() -> None:
    assert foreseen(["next-character", "names", "reversal"]) == "next characters foreseen"
    assert foreseen(["language"]) == "names classified right"
    assert foreseen(["language", "next-character"]) == "right predictions"
