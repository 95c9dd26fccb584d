"""The smoothed loss of the first character RNNs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rnnlab.runs.results import smoothed_loss

V, T = 65, 13


def by_single_updates(losses: list[float]) -> list[float]:
    """The recursion as it was published, one update after the other."""
    smooth, found = -np.log(1.0 / V) * T, []
    for loss in losses:
        smooth = smooth * 0.999 + loss * T * 0.001
        found.append(smooth)
    return found


def test_with_a_measurement_for_each_update_it_is_the_published_recursion() -> None:
    losses = np.random.default_rng(0).uniform(1, 5, 500)
    found = smoothed_loss(np.arange(1, 501), losses, V, T)
    np.testing.assert_allclose(found, by_single_updates(losses.tolist()), rtol=1e-12)


def test_the_mean_of_many_updates_counts_as_many_times() -> None:
    single = by_single_updates([3.0] * 40 + [2.0] * 60)
    found = smoothed_loss(np.array([40, 100]), np.array([3.0, 2.0]), V, T)
    np.testing.assert_allclose(found, [single[39], single[99]], rtol=1e-12)


def test_means_over_a_tenth_of_the_memory_change_it_by_less_than_a_thousandth() -> None:
    """A run records means of up to some hundred updates."""
    losses = 2 + 2 * np.exp(-np.arange(3000) / 800)
    steps = np.arange(100, 3001, 100)
    found = smoothed_loss(steps, losses.reshape(30, 100).mean(axis=1), V, T)
    single = np.array(by_single_updates(losses.tolist()))[steps - 1]
    np.testing.assert_allclose(found, single, rtol=1e-3)


def test_it_begins_at_guessing_and_passes_over_what_is_no_number() -> None:
    found = smoothed_loss(np.array([0, 10]), np.array([4.0, math.nan]), V, T)
    assert found.tolist() == pytest.approx([math.log(V) * T] * 2)
    assert len(smoothed_loss(np.array([]), np.array([]), V, T)) == 0
