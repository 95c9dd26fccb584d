"""Weights from state to state, their eigenvalues, and networks with others."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.gradients.backward import fresh_network, spectral_radius
from rnnlab.inspection.gradients.spectrum import block_names, candidate, eigenvalues, rescaled
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN

V, H = 5, 9


@pytest.mark.parametrize("radius", [0.1, 1.0, 2.0])
@pytest.mark.parametrize("cell", CELLS)
def test_a_rescaled_network_has_the_radius_asked_for(cell: str, radius: float) -> None:
    model = fresh_network(cell, V, H)
    assert spectral_radius(rescaled(model, radius, (candidate(cell),))) == pytest.approx(radius)
    every = rescaled(model, radius, block_names(cell))
    for block in block_names(cell):
        assert np.abs(eigenvalues(every, block)).max() == pytest.approx(radius)


def test_only_the_blocks_asked_for_change_and_the_eigenvalues_all_by_one_factor() -> None:
    model = fresh_network("lstm", V, H)
    scaled = rescaled(model, 0.3, ("g",))
    for name, param in model.params.items():
        if name != "rnn.weight_hh_l0":
            np.testing.assert_array_equal(scaled.params[name], param)
    for block in "ifo":
        np.testing.assert_array_equal(eigenvalues(scaled, block), eigenvalues(model, block))
    before, after = eigenvalues(model, "g"), eigenvalues(scaled, "g")
    factor = 0.3 / np.abs(before).max()
    np.testing.assert_allclose(np.sort_complex(after), np.sort_complex(factor * before))


def test_eigenvalues_are_those_of_the_planted_block() -> None:
    model = fresh_network("gru", V, 2)
    weight = model.params["rnn.weight_hh_l0"].copy()
    weight[4:] = [[0.0, -0.8], [0.8, 0.0]]  # a quarter turn, shrinking
    planted = CharRNN(model.architecture, model.params | {"rnn.weight_hh_l0": weight})
    np.testing.assert_allclose(
        np.sort_complex(eigenvalues(planted, "n")), [-0.8j, 0.8j], atol=1e-15
    )


def test_a_block_of_zeros_cannot_be_given_a_radius() -> None:
    model = fresh_network("rnn_tanh", V, H, gain=0.0)
    with pytest.raises(ValueError, match="no eigenvalue but 0"):
        rescaled(model, 1.0, ("h",))
