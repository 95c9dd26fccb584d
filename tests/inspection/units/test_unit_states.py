"""Reading in parallel pieces gives what one reading of the whole text gives."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.units import search
from rnnlab.inspection.units.search import Unit, states_of
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.tape import DivergedModelError
from tests.inspection.reading import random_network


def model(cell: str) -> CharRNN:
    return random_network(
        Architecture(cell, vocab_size=7, embedding_size=3, hidden_size=5, num_layers=2)
    )


@pytest.fixture(scope="module")
def ids() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 7, 5_003)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn_tanh", "rnn_relu"])
def test_every_unit_of_every_layer_is_read_as_in_one_go(cell: str, ids: np.ndarray) -> None:
    network = model(cell)
    found = states_of(network, ids, network.cell.states)
    whole = network.forward(ids[None])
    assert len(found.units) == 2 * 5 * len(network.cell.states)
    for row in (0, 7, len(found.units) - 1):
        unit = found.units[row]
        trace = whole.trace(unit.value, unit.layer)[0, :, unit.number]
        np.testing.assert_allclose(found.values[row], trace[found.places], atol=1e-4)
        assert found.index(unit) == row


def test_a_text_is_read_whole_in_order_and_a_long_one_in_pieces_from_all_over(
    ids: np.ndarray,
) -> None:
    found = states_of(model("gru"), ids, ("h",))
    steps = np.diff(found.places)
    assert len(found.places) > 0.95 * len(ids)
    assert (steps >= 0).all()
    assert (steps == 1).mean() > 0.98
    short = states_of(model("gru"), ids, ("h",), most=4_000)
    assert len(short.places) <= 4_000
    assert short.places[-1] == len(ids) - 1


def test_of_very_many_units_fewer_characters_are_kept(
    ids: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_VALUES", 10 * 4_500)
    assert len(states_of(model("gru"), ids, ("h",)).places) <= 4_500


def test_short_texts_diverged_weights_and_unknown_units_are_refused(ids: np.ndarray) -> None:
    with pytest.raises(ValueError, match="needs 4,000; choose a longer one"):
        states_of(model("gru"), ids[:3_999], ("h",))
    found = states_of(model("gru"), ids, ("h",))
    with pytest.raises(ValueError, match="no h of unit 9, layer 2"):
        found.index(Unit("h", 1, 9))
    broken = model("rnn_relu")
    broken.params["rnn.weight_hh_l0"][:] = 100.0
    with np.errstate(all="ignore"), pytest.raises(DivergedModelError):
        states_of(broken, ids, ("h",))
