"""Probes: what they read off all units, and how their controls behave."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.units.probe import probe

U, N, V = 12, 4_000, 9
RNG = np.random.default_rng(1)
IDS = RNG.integers(V, size=N)
NOISE = RNG.normal(size=(U, N)).astype(np.float32)


def test_a_sum_of_units_is_read_off_though_no_single_unit_shows_it() -> None:
    label = NOISE.sum(axis=0) > 0
    found = probe(NOISE, label, IDS, best=0)
    assert found.all_units > 0.95
    assert found.auc is not None
    assert found.auc > 0.99
    assert found.best_unit < 0.65
    assert found.character == pytest.approx(0.5, abs=0.06)
    assert found.learned + found.scored == N


def test_a_product_of_units_is_not_linear_and_not_read_off() -> None:
    found = probe(NOISE, NOISE[0] * NOISE[1] > 0, IDS, best=0)
    assert found.all_units == pytest.approx(0.5, abs=0.06)


def test_units_that_hold_the_character_learn_the_control_as_well() -> None:
    rows = np.eye(V, dtype=np.float32)[IDS].T + 0.01 * NOISE[:V]
    label = np.isin(IDS, [1, 4])
    found = probe(rows, label, IDS, best=1)
    assert found.all_units > 0.99
    assert found.control > 0.99
    assert abs(found.selectivity) < 0.01
    assert found.character > 0.99


def test_units_that_hold_the_feature_alone_cannot_learn_the_control() -> None:
    label = RNG.random(N) < 0.3
    found = probe((label + 0.1 * NOISE).astype(np.float32), label, IDS, best=2)
    assert found.all_units > 0.99
    assert found.best_unit > 0.99
    assert found.control < 0.6
    assert found.selectivity > 0.4


def test_what_stood_three_characters_ago_needs_a_memory_of_three() -> None:
    label = np.roll(IDS, 2) < 3
    found = probe(NOISE, label, IDS, best=0)
    assert found.three_characters > 0.99
    assert found.character < 0.6
    assert found.all_units < 0.6


def test_a_number_is_scored_by_the_share_of_its_variance() -> None:
    number = (NOISE[:3].sum(axis=0) * 5 + 20).astype(np.float32)
    found = probe(NOISE, number, IDS, best=0)
    assert found.is_number
    assert found.auc is None
    assert found.all_units > 0.99
    assert found.best_unit == pytest.approx(1 / 3, abs=0.06)
    assert abs(found.character) < 0.05
    assert abs(found.control) < 0.1


def test_a_feature_that_a_part_lacks_is_refused_in_a_sentence() -> None:
    label = np.zeros(N, bool)
    label[:30] = True
    with pytest.raises(ValueError, match="too few places of one kind"):
        probe(NOISE, label, IDS, best=0)


def test_the_same_question_has_the_same_answer() -> None:
    label = NOISE[0] > 1
    assert probe(NOISE, label, IDS, best=0) == probe(NOISE, label, IDS, best=0)
