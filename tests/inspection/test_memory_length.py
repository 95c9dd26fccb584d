"""How far back a network remembers, measured on networks whose memory is known."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.text_loss import MemoryLength, memory_length, needed
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import log_softmax
from tests.inspection.planted import delay_line

V = 5


def repeating(delay: int, length: int) -> np.ndarray:
    """A random text in which each character repeats the one `delay` places before it."""
    return np.tile(np.random.default_rng(delay).integers(V, size=delay), length // delay + 1)


@pytest.mark.parametrize("delay", [1, 4, 9])
def test_the_knee_of_a_delay_line_is_its_length(delay: int) -> None:
    """What comes next stood `delay` places before it, so so many characters must be read."""
    found = memory_length(delay_line(delay - 1, V), repeating(delay, 200), longest=16, targets=100)
    np.testing.assert_allclose(found.losses[: delay - 1], np.log(V), rtol=1e-6)
    assert (found.losses[delay - 1 :] < 0.01).all()
    assert found.knee == (None if delay == 1 else delay)


def test_every_length_is_what_reading_so_many_characters_gives() -> None:
    rng = np.random.default_rng(1)
    architecture = Architecture("gru", V, 3, 6, 2)
    model = CharRNN(architecture, initial_params(architecture, "orthogonal", rng))
    ids, longest, targets = rng.integers(V, size=40), 6, 9
    found = memory_length(model, ids, longest=longest, targets=targets)
    for k in range(1, longest + 1):
        lost = 0.0
        for t in range(longest - 1, longest - 1 + targets):
            tape = model.forward(ids[None, t - k + 1 : t + 1])
            lost -= log_softmax(tape.logits)[0, -1, ids[t + 1]]
        assert found.losses[k - 1] == pytest.approx(lost / targets, rel=1e-5)


def test_the_knee_is_where_the_gain_stays() -> None:
    assert MemoryLength(np.array([3.0, 1.0, 2.0, 1.01, 1.0])).knee == 4
    assert MemoryLength(np.array([1.0, 1.0])).knee is None
    assert MemoryLength(np.array([1.0, 2.0])).knee is None


def test_a_short_text_is_refused() -> None:
    with pytest.raises(ValueError, match=f"needs {needed():,}"):
        memory_length(delay_line(1, V), repeating(2, 100)[:100])
