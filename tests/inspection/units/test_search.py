"""The unit of a feature is found, equals what scipy and scikit-learn say, and chance is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import roc_auc_score

from rnnlab.inspection.units.search import NEAREST, auc, check_label, correlations, ranked

U, N = 40, 6_007


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Units that wander, as states do: neighbours resemble each other."""
    steps = np.random.default_rng(1).normal(size=(U, N))
    for t in range(1, N):
        steps[:, t] += 0.9 * steps[:, t - 1]
    return np.tanh(0.3 * steps).astype(np.float32)


def stretches(seed: int) -> np.ndarray:
    """A label that is true for about 20 characters and then false for about 80."""
    rng = np.random.default_rng(seed)
    lengths = np.stack([rng.geometric(1 / 80, 200), rng.geometric(1 / 20, 200)], axis=1).ravel()
    return np.repeat(np.arange(400) % 2 == 1, lengths)[:N]


def planted(rows: np.ndarray, label: np.ndarray, noise: float) -> np.ndarray:
    found = rows.copy()
    found[17] = label + noise * np.random.default_rng(2).normal(size=len(label))
    return found


def test_a_planted_unit_is_ranked_first_with_the_numbers_of_scipy_and_sklearn(
    rows: np.ndarray,
) -> None:
    label = stretches(3)
    with_unit = planted(rows, label, 0.5)
    found = ranked(with_unit, label)
    assert found.best == 17
    assert found.r[17] > found.by_chance
    expected = [pearsonr(row.astype(np.float64), label).statistic for row in with_unit]
    np.testing.assert_allclose(found.r, expected, atol=2e-5)
    areas = [roc_auc_score(label, row) for row in with_unit]
    np.testing.assert_allclose(auc(with_unit, label), areas, atol=1e-12)
    assert found.p_value(17) == pytest.approx(1 / 201)


def test_a_number_is_found_and_a_falling_unit_has_a_negative_sign(rows: np.ndarray) -> None:
    number = np.arange(N) % 37
    found = ranked(planted(rows, -0.1 * number, 0.3), number)
    assert found.best == 17
    assert found.r[17] < -0.9


def test_ties_share_their_ranks() -> None:
    label = np.array([True, False, True, False, False])
    row = np.array([[1, 1, 2, 0, 2]], np.float32)
    assert auc(row, label)[0] == pytest.approx(roc_auc_score(label, row[0]))


def test_the_null_equals_shifting_by_hand(rows: np.ndarray) -> None:
    label = stretches(4)
    shifts = np.array([0, 1, 1_000, 4_321, N - 1])
    found = correlations(rows, label, shifts)
    for shift, column in zip(shifts, found.T, strict=True):
        moved = np.roll(label, shift)
        expected = [pearsonr(row.astype(np.float64), moved).statistic for row in rows]
        np.testing.assert_allclose(column, expected, atol=2e-6)
    by = np.random.default_rng(0).integers(NEAREST, N - NEAREST + 1, 200)
    expected = np.abs(correlations(rows, label, by)).max(axis=0)
    # Products in float32, of other widths: BLAS may add in another order.
    np.testing.assert_allclose(ranked(rows, label).null, expected, rtol=1e-6)


def test_labels_without_a_unit_are_rarely_above_chance(rows: np.ndarray) -> None:
    """Each label exceeds the 95th percentile with probability 0.05, so of 30, 6 or more do with
    probability 0.003 (binomial); the seeds are fixed."""
    above = 0
    for seed in range(100, 130):
        found = ranked(rows, stretches(seed))
        above += abs(found.r[found.best]) > found.by_chance
    assert above < 6


def test_a_unit_that_never_moves_follows_nothing(rows: np.ndarray) -> None:
    still = rows.copy()
    still[3] = 0.7
    assert ranked(still, stretches(5)).r[3] == 0


def test_too_little_text_and_rare_features_are_refused_in_a_sentence(rows: np.ndarray) -> None:
    with pytest.raises(ValueError, match="needs more than 2,000"):
        ranked(rows[:, :2_000], stretches(6)[:2_000])
    never = np.zeros(N, bool)
    with pytest.raises(ValueError, match="“in quotes” is true nowhere in these 6,007"):
        check_label(never, "in quotes")
    rare = never.copy()
    rare[:7] = True
    with pytest.raises(ValueError, match="is true at only 7 of"):
        check_label(rare, "in quotes")
    with pytest.raises(ValueError, match="is not true at only 7 of"):
        check_label(~rare, "in quotes")
    with pytest.raises(ValueError, match="is not true at only 0 of"):
        check_label(~never, "in quotes")
    check_label(stretches(7), "in quotes")
