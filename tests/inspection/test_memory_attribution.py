"""Memory attribution: exact on random networks, and known where a network was planted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rnnlab.inspection.one_step import (
    memory_attribution,
    salient_step,
    salient_unit,
    time_scales,
)
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from tests.inspection.reading import H, T, V, read

OPEN = 40.0  # before a sigmoid: 1 to the last digit of float64


@pytest.mark.parametrize(("cell", "name"), [("lstm", "c"), ("gru", "h")])
def test_the_ledger_sums_to_the_state_from_any_state_before(cell: str, name: str) -> None:
    for dtype in (np.float32, np.float64):
        _, tape = read(cell, dtype=dtype)
        for layer, unit, t in np.ndindex(2, H, T):
            found = memory_attribution(cell, tape, layer, unit, t)
            state = tape.trace(name, layer)[0, t, unit]
            assert found.state == state
            assert found.total == pytest.approx(state, abs=1e-6)
            assert found.start != 0
            assert len(found.entries) == t + 1


def planted(keep: float = OPEN) -> CharRNN:
    """An LSTM of one unit whose input gate opens at character 1 only, to write tanh(1)."""
    architecture = Architecture("lstm", V, 0, 1, 1)
    params = {name: np.zeros(shape) for name, shape in architecture.shapes().items()}
    params["rnn.weight_ih_l0"][0] = -1e4  # i
    params["rnn.weight_ih_l0"][0, 1] = OPEN
    params["rnn.bias_ih_l0"][:] = [0.0, keep, 1.0, OPEN]
    return CharRNN(architecture, params)


def test_a_planted_write_is_the_only_entry() -> None:
    ids = np.array([[0, 2, 1, 3, 3, 4]])
    tape = planted().forward(ids)
    found = memory_attribution("lstm", tape, 0, 0, 5)
    np.testing.assert_allclose(found.entries, [0, 0, math.tanh(1), 0, 0, 0], atol=1e-12)
    assert found.largest(1).tolist() == [2]
    assert found.start == 0
    early = memory_attribution("lstm", tape, 0, 0, 1)
    assert not early.entries.any()


@pytest.mark.parametrize("f", [0.5, 0.9, 0.99])
def test_what_was_written_fades_by_the_forget_gate(f: float) -> None:
    tape = planted(math.log(f / (1 - f))).forward(np.array([[0, 1, 3, 3, 3]]))
    found = memory_attribution("lstm", tape, 0, 0, 4)
    assert found.entries[1] == pytest.approx(math.tanh(1) * f**3)
    assert time_scales("lstm", tape, 0) == pytest.approx([-1 / math.log(f)])


def test_a_unit_that_never_forgets_has_no_time_scale_and_one_that_always_does_none_either() -> None:
    ids = np.array([[0, 1, 3]])
    assert time_scales("lstm", planted(1e4).forward(ids), 0) == np.inf
    assert time_scales("lstm", planted(-1e4).forward(ids), 0) == 0


def test_the_gate_that_keeps_in_a_gru_is_z() -> None:
    _, tape = read("gru")
    z = tape.trace("z", 1)[0]
    np.testing.assert_allclose(time_scales("gru", tape, 1), -1 / np.log(z).mean(axis=0))


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu"])
def test_cells_that_squash_everything_keep_no_ledger(cell: str) -> None:
    _, tape = read(cell)
    assert CELLS[cell].carried is None
    with pytest.raises(ValueError, match="ledger for LSTM and GRU"):
        memory_attribution(cell, tape, 0, 0, 0)


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu"])
def test_without_gates_one_looks_first_at_the_unit_that_moves_most(cell: str) -> None:
    model, tape = read(cell)
    h = tape.trace("h", 1)[0]  # (T, H)
    unit = salient_unit(model, tape, 1)
    assert h.std(axis=0).argmax() == unit
    step = salient_step(model, tape, 1, unit)
    jumps = np.abs(np.diff(h[:, unit]))
    assert jumps[step - 1] == jumps[T // 2 - 1 :].max()


def test_one_looks_first_at_the_unit_that_keeps_what_was_written_at_a_blow() -> None:
    """Unit 0 is written at character 1 and never forgets; unit 1 is written at every character but
    1, and keeps a tenth."""
    architecture = Architecture("lstm", V, 0, 2, 1)
    params = {name: np.zeros(shape) for name, shape in architecture.shapes().items()}
    params["rnn.weight_ih_l0"][:2] = -1e4  # i
    params["rnn.weight_ih_l0"][0, 1] = OPEN
    params["rnn.weight_ih_l0"][1] = OPEN
    params["rnn.weight_ih_l0"][1, 1] = -1e4
    params["rnn.bias_ih_l0"][2:4] = 5.0, math.log(0.1 / 0.9)  # f
    params["rnn.bias_ih_l0"][4:6] = 1.0  # g
    model = CharRNN(architecture, params)
    tape = model.forward(np.array([[2, 3, 2, 0, 3, 1, 2, 0, 3, 2]]))
    assert salient_unit(model, tape, 0) == 0
    assert salient_step(model, tape, 0, 0) == 5


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "lstm", "gru"])
def test_one_looks_first_at_the_later_half_and_also_at_a_text_of_one_character(cell: str) -> None:
    model, tape = read(cell)
    unit = salient_unit(model, tape, 1)
    assert 0 <= unit < H
    assert T // 2 <= salient_step(model, tape, 1, unit) < T
    one = model.forward(tape.ids[:, :1])
    assert 0 <= salient_unit(model, one, 1) < H
    assert salient_step(model, one, 1, unit) == 0


def test_one_looks_first_where_the_planted_unit_is_written() -> None:
    tape = planted().forward(np.array([[0, 2, 3, 3, 1, 4]]))
    assert salient_step(planted(), tape, 0, 0) == 4
