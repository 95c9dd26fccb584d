"""One text at several moments of training, and windows of a text."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.snapshots import spread_steps, through_training
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.reading import state_after, window

IDS = np.random.default_rng(3).integers(0, 6, 700)


def small_model(seed: int) -> CharRNN:
    architecture = Architecture("gru", vocab_size=6, embedding_size=0, hidden_size=4, num_layers=2)
    rng = np.random.default_rng(seed)
    return CharRNN(architecture, initial_params(architecture, "pytorch", rng))


def test_each_snapshot_is_read_by_its_own_network() -> None:
    models = [small_model(seed) for seed in (1, 2, 3)]
    found = through_training(iter(models), IDS[:50], "z", 1)
    assert found.shape == (3, 50, 4)
    for values, model in zip(found, models, strict=True):
        expected = model.forward(IDS[None, :50]).trace("z", 1)[0]
        np.testing.assert_allclose(values, expected, atol=1e-3)  # half precision
    later = through_training(iter(models), IDS[:50], "z", 1, skip=20)
    np.testing.assert_array_equal(later, found[:, 20:])


def test_spread_steps_keep_both_ends() -> None:
    steps = [0, 1, 2, 4, 8, 16, 32, 64]
    assert spread_steps(steps, 8) == steps
    chosen = spread_steps(steps, 4)
    assert len(chosen) == 4
    assert (chosen[0], chosen[-1]) == (0, 64)
    assert spread_steps([], 4) == []


@pytest.mark.parametrize(("start", "stop"), [(0, 10), (1, 2), (256, 600), (699, 700)])
def test_a_window_goes_on_from_the_text_before_it(start: int, stop: int) -> None:
    model = small_model(1)
    whole = model.forward(IDS[None])
    found = window(model, IDS, start, stop)
    expected = whole.trace("h", 1)[:, start:stop]
    np.testing.assert_allclose(found.trace("h", 1), expected, atol=1e-5)


def test_the_state_after_nothing_is_zero() -> None:
    assert not any(
        value.any() for layer in state_after(small_model(1), IDS[:0]) for value in layer.values()
    )
