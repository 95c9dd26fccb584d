"""The shapes on the diagram are those of a real pass through the network."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.labs.step_by_step import stages
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import cross_entropy

B, T, V, H = 3, 5, 11, 7


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("embedding_size", [0, 4])
@pytest.mark.parametrize("layers", [1, 2])
def test_every_arrow_has_the_shape_of_a_real_forward_pass(
    cell: str, embedding_size: int, layers: int
) -> None:
    architecture = Architecture(cell, V, embedding_size, H, layers)
    rng = np.random.default_rng(1)
    model = CharRNN(architecture, initial_params(architecture, "pytorch", rng))
    ids = rng.integers(V, size=(B, T))
    tape = model.forward(ids)
    first, *middle, linear, loss = stages(architecture, B, T)
    if embedding_size:
        assert first.shape == tape.inputs[0].swapaxes(0, 1).shape
    else:
        assert first.shape == (*ids.shape, V)
    assert [stage.shape for stage in middle] == [tape.trace("h", k).shape for k in range(layers)]
    assert [stage.state for stage in middle] == [s["h"].shape for s in tape.initial_state]
    assert linear.shape == tape.logits.shape
    assert loss.shape == np.shape(cross_entropy(tape.logits, ids)[0])


@pytest.mark.parametrize("embedding_size", [0, 4])
def test_the_parts_have_all_parameters(embedding_size: int) -> None:
    architecture = Architecture("rnn_tanh", V, embedding_size, H, 2)
    parts = stages(architecture, B, T)
    names = [name for part in parts for name in part.weights]
    assert sorted(names) == sorted(architecture.shapes())
    assert sum(part.parameters for part in parts) == architecture.parameter_count()
