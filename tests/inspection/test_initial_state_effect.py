"""The same text from two states."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rnnlab.inspection.text_loss import initial_state_effect
from rnnlab.network.char_rnn import Architecture, CharRNN


def latch(recurrent: float) -> CharRNN:
    """One unit that character 1 sets to 1, and a decoder that says character 0 when it is on."""
    sizes = Architecture("rnn_tanh", 2, 0, 1, 1)
    params = {name: np.zeros(shape) for name, shape in sizes.shapes().items()}
    params["rnn.weight_ih_l0"][0, 1] = 20.0
    params["rnn.weight_hh_l0"][0, 0] = recurrent
    params["decoder.weight"][0, 0] = 30.0
    return CharRNN(sizes, params)


def test_a_unit_that_holds_itself_makes_the_start_matter() -> None:
    found = initial_state_effect(latch(5.0), np.array([1, 0, 0]), np.zeros(50, int))
    assert found.from_zeros == pytest.approx(math.log(2))  # off: no opinion
    assert found.carried == pytest.approx(0, abs=1e-9)  # still on from character 1


def test_a_unit_that_forgets_does_not() -> None:
    found = initial_state_effect(latch(0.0), np.array([1, 0, 0]), np.zeros(50, int))
    assert found.carried == pytest.approx(found.from_zeros)
