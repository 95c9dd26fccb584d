"""One step taken apart: the parts add up to what the network, and torch, computed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnnlab.inspection.one_step import of_each_character, one_step
from rnnlab.network.cells import CELLS
from tests.inspection.reading import D, H, T, read

INVERSE = {
    "g": np.arctanh,
    "n": np.arctanh,
    "h": np.arctanh,
    **dict.fromkeys("ifozr", lambda p: np.log(p / (1 - p))),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("embedding_size", [0, D])
@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru"])
def test_the_parts_add_up_to_what_the_gates_were_given(
    cell: str, embedding_size: int, dtype: type
) -> None:
    model, tape = read(cell, embedding_size=embedding_size, dtype=dtype)
    for layer, unit, t in np.ndindex(2, H, T):
        step = one_step(model, tape, layer, unit, t)
        for gate in step.gates:
            expected = INVERSE[gate.name](step.now[gate.name])
            assert sum(gate.parts.values()) == pytest.approx(expected, abs=1e-6)
            assert gate.total == pytest.approx(expected, abs=1e-6)
            memory = step.memory_terms(gate.name).sum()
            assert memory == pytest.approx(gate.parts["memory"], abs=1e-12)


def test_a_ramp_shows_its_sum_where_it_is_positive() -> None:
    model, tape = read("rnn_relu")
    for unit, t in np.ndindex(H, T):
        step = one_step(model, tape, 1, unit, t)
        assert max(step.gates[0].total, 0) == pytest.approx(step.now["h"], abs=1e-12)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_are_those_of_torch(cell: str) -> None:
    """torch's cells tell no gates, but their weights say what each is given."""
    model, tape = read(cell, num_layers=1)
    params = {name: torch.from_numpy(param) for name, param in model.params.items()}
    kind = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}[cell]
    twin = kind(D, H, dtype=torch.float64)
    twin.load_state_dict(
        {name: params[f"rnn.{name}_l0"] for name in ("weight_ih", "weight_hh")}
        | {name: params[f"rnn.{name}_l0"] for name in ("bias_ih", "bias_hh")}
    )
    state = [torch.from_numpy(value) for value in tape.initial_state[0].values()]
    x = params["embedding.weight"][tape.ids[0, 0]][None]
    with torch.no_grad():
        new = twin(x, tuple(state) if cell == "lstm" else state[0])
        a = torch.nn.functional.linear(x, twin.weight_ih, twin.bias_ih)[0].numpy()
        u = torch.nn.functional.linear(state[0], twin.weight_hh, twin.bias_hh)[0].numpy()
    for unit in range(H):
        step = one_step(model, tape, 0, unit, 0)
        for k, gate in enumerate(step.gates):
            assert gate.a == pytest.approx(a[k * H + unit], abs=1e-12)
            assert gate.u == pytest.approx(u[k * H + unit], abs=1e-12)
        for name, value in zip(CELLS[cell].states, new if cell == "lstm" else [new], strict=True):
            assert step.now[name] == pytest.approx(float(value[0, unit]), abs=1e-12)


@pytest.mark.parametrize("embedding_size", [0, D])
def test_what_the_read_character_would_add_is_what_the_input_added(embedding_size: int) -> None:
    model, tape = read("gru", embedding_size=embedding_size)
    step = one_step(model, tape, 0, 3, 2)
    for gate in step.gates:
        terms = of_each_character(model, step, gate.name)
        assert terms[tape.ids[0, 2]] == pytest.approx(gate.input, abs=1e-12)
    assert (step.input_terms("z") is None) == (embedding_size == 0)


def test_higher_layers_read_the_units_below() -> None:
    model, tape = read("lstm")
    step = one_step(model, tape, 1, 4, 3)
    np.testing.assert_array_equal(step.x, tape.trace("h", 0)[0, 3])
    terms = step.input_terms("f")
    assert terms is not None
    assert terms.sum() == pytest.approx(step.gate("f").input, abs=1e-12)
    with pytest.raises(ValueError, match="reads the layer below"):
        of_each_character(model, step, "f")


@pytest.mark.parametrize(("layer", "unit", "t"), [(2, 0, 0), (0, H, 0), (0, 0, T), (0, -1, 0)])
def test_what_does_not_exist_is_refused(layer: int, unit: int, t: int) -> None:
    model, tape = read("lstm")
    with pytest.raises(ValueError, match="counted from 0"):
        one_step(model, tape, layer, unit, t)
