"""Occlusion is what reading the changed text gives, and agrees with gradients where it must."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rnnlab.inspection.gradients.connectivity import (
    agreement,
    connectivity,
    drawn_others,
    occlusion,
    rank_correlation,
    typical,
)
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import log_softmax
from rnnlab.network.reading import state_after
from tests.inspection.gradients.test_connectivity import BEFORE, TARGETS, TEXT, T, V, network


@pytest.fixture(params=["rnn_tanh", "lstm", "gru"])
def model(request: pytest.FixtureRequest) -> CharRNN:
    return network(request.param, 3, 2)


def log_p(model: CharRNN, ids: np.ndarray) -> np.ndarray:
    """(T,) of the targets, after the characters before the text."""
    logs = log_softmax(model.forward(ids[None], state_after(model, BEFORE)).logits[0])
    return logs[np.arange(T), TARGETS]


def test_it_is_what_reading_each_changed_text_gives(model: CharRNN) -> None:
    others = np.random.default_rng(5).integers(0, V, (T, 2))
    found = occlusion(model, TEXT, TARGETS, others, state_after(model, BEFORE))
    for s in range(T):
        lost = []
        for other in others[s]:
            changed = TEXT.copy()
            changed[s] = other
            lost.append(log_p(model, TEXT) - log_p(model, changed))
        np.testing.assert_allclose(found.effect[:, s], np.mean(lost, axis=0), atol=1e-12)
        np.testing.assert_allclose(found.change[:, s], np.mean(np.abs(lost), axis=0), atol=1e-12)
    assert (found.change[np.triu_indices(T, 1)] == 0).all()


def test_the_same_character_in_its_own_place_changes_nothing(model: CharRNN) -> None:
    found = occlusion(model, TEXT, TARGETS, TEXT[:, None])
    np.testing.assert_allclose(found.change, 0, atol=1e-13)


def test_others_are_others_and_as_frequent_as_in_the_text() -> None:
    """2,000 draws, p = 2/3: further off than 0.05 once in 400,000 times, but the seed is fixed."""
    text = np.array([1, 4, 4, 6] * 500)
    others = drawn_others(text, 2)
    assert (others != text[:, None]).all()
    assert set(np.unique(others)) == {1, 4, 6}
    after_one = others[text == 1]
    assert (after_one == 4).mean() == pytest.approx(2 / 3, abs=0.05)
    np.testing.assert_array_equal(others, drawn_others(text, 2))


def test_networks_with_other_numbers_for_the_characters_get_the_same_ones() -> None:
    shifted = np.array([10, 20, 30, 40, 50, 60, 70])  # more characters between those of the text
    np.testing.assert_array_equal(shifted[drawn_others(TEXT)], drawn_others(shifted[TEXT]))


def test_a_text_of_one_character_has_no_other() -> None:
    with pytest.raises(ValueError, match="repeats a single character"):
        drawn_others(np.array([3, 3, 3]))


def test_ranks_agree_as_pandas_says() -> None:
    rng = np.random.default_rng(6)
    a, b = rng.integers(0, 5, 40), rng.normal(size=40)
    expected = pd.DataFrame({"a": a, "b": b}).corr("spearman").loc["a", "b"]
    assert rank_correlation(a, b) == pytest.approx(expected, abs=1e-12)
    assert np.isnan(rank_correlation(a[:4], b[:4]))
    assert np.isnan(rank_correlation(np.ones(9), b[:9]))


def test_distance_alone_is_no_agreement_at_the_same_lag() -> None:
    """Two random matrices that fall with the lag: alike overall, and not where the lag is equal.

    The median of some 35 correlations of 5 to 40 pairs: beyond 0.3 less than once in 10,000.
    """
    rng = np.random.default_rng(7)
    lag = np.subtract.outer(np.arange(40), np.arange(40))
    a, b = (np.tril(np.exp(-lag + rng.normal(size=(40, 40)))) for _ in range(2))
    found = agreement(a, b)
    assert found.overall > 0.9
    assert typical(found.rows) > 0.9
    assert abs(found.same_lag) < 0.3
    np.testing.assert_allclose(agreement(a, a).same_lag, 1)


def test_small_weights_make_both_measures_agree() -> None:
    """Where a network is nearly linear, a local measure is the whole truth, up to the softmax."""
    model = network("rnn_tanh", 0, 1)
    for name in model.params:
        model.params[name] *= 0.3
    every = np.stack([np.setdiff1d(np.arange(V), [x]) for x in TEXT])  # all others in each place
    gradient = connectivity(model, TEXT, TARGETS)
    assert agreement(gradient, occlusion(model, TEXT, TARGETS, every).change).overall > 0.9
