"""What a network promises: state, tape, dropout, clamps, and sentences about wrong weights."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import numpy as np
import pytest

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN, ParameterError
from rnnlab.network.clamps import Clamp
from rnnlab.network.tape import State

MakeModel = Callable[..., CharRNN]
MakeState = Callable[..., State]
every_cell = pytest.mark.parametrize("cell", CELLS)


@every_cell
def test_step_after_step_equals_reading_at_once(
    make_model: MakeModel, make_state: MakeState, ids: np.ndarray, cell: str
) -> None:
    model = make_model(cell, 2, 4)
    state = make_state(model)
    tape = model.forward(ids, state)
    for t in range(ids.shape[1]):
        logits, state, values = model.step(ids[:, t], state)
        np.testing.assert_allclose(logits, tape.logits[:, t], rtol=0, atol=1e-13)
        for layer in range(2):
            for name in tape.names(layer):
                found, expected = values[layer][name], tape.trace(name, layer)[:, t]
                np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
    for found, expected in zip(state, tape.final_state, strict=True):
        assert found.keys() == expected.keys()
        np.testing.assert_allclose(found["h"], expected["h"], rtol=0, atol=1e-13)


@every_cell
def test_a_text_may_be_cut_anywhere(make_model: MakeModel, ids: np.ndarray, cell: str) -> None:
    model = make_model(cell, 2)
    whole = model.forward(ids).logits
    first = model.forward(ids[:, :4])
    rest = model.forward(ids[:, 4:], first.final_state)
    parts = np.concatenate([first.logits, rest.logits], axis=1)
    np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-13)


@every_cell
def test_texts_of_a_batch_do_not_see_each_other(
    make_model: MakeModel, ids: np.ndarray, cell: str
) -> None:
    model = make_model(cell, 2)
    together = model.forward(ids).logits
    for b in range(len(ids)):
        alone = model.forward(ids[b : b + 1]).logits[0]
        np.testing.assert_allclose(alone, together[b], rtol=0, atol=1e-13)


@every_cell
def test_final_state_survives_what_happens_to_the_tape(
    make_model: MakeModel, ids: np.ndarray, cell: str
) -> None:
    tape = make_model(cell).forward(ids)
    state = tape.final_state
    kept = state[0]["h"].copy()
    tape.layers[0]["h"][:] = 0
    np.testing.assert_array_equal(state[0]["h"], kept)


@every_cell
def test_values_lie_where_their_descriptions_say(
    make_model: MakeModel, ids: np.ndarray, cell: str
) -> None:
    model = make_model(cell, 2)
    for param in model.params.values():
        param *= 8  # far into saturation
    tape = model.forward(ids)
    assert set(tape.names(0)) == set(model.cell.VALUES)
    assert set(model.cell.states) | set(model.cell.gates) <= set(model.cell.VALUES)
    for layer in range(2):
        for name, info in model.cell.VALUES.items():
            trace = tape.trace(name, layer)
            assert info.name == name
            assert info.meaning.endswith(".")
            assert trace.shape == (3, 11, 5)
            assert info.low is None or trace.min() >= info.low
            assert info.high is None or trace.max() <= info.high


def test_a_gru_with_z_near_one_keeps_its_state(
    make_model: MakeModel, make_state: MakeState, ids: np.ndarray
) -> None:
    model = make_model("gru")
    model.params["rnn.bias_ih_l0"][5:10] = 50  # z
    state = make_state(model)
    np.testing.assert_allclose(model.forward(ids, state).final_state[0]["h"], state[0]["h"])


def test_an_lstm_keeps_its_cell_where_it_forgets_and_writes_nothing(
    make_model: MakeModel, make_state: MakeState, ids: np.ndarray
) -> None:
    model = make_model("lstm")
    model.params["rnn.bias_ih_l0"][:5] = -50  # i
    model.params["rnn.bias_ih_l0"][5:10] = 50  # f
    state = make_state(model)
    np.testing.assert_allclose(model.forward(ids, state).final_state[0]["c"], state[0]["c"])


def test_a_trace_that_does_not_exist_is_named(make_model: MakeModel, ids: np.ndarray) -> None:
    tape = make_model("gru").forward(ids)
    with pytest.raises(ValueError, match="no value 'c'; it has h, r, z, n, m"):
        tape.trace("c", 0)
    with pytest.raises(ValueError, match=r"1 layer\(s\).*layer 1 does not exist"):
        tape.trace("h", 1)


@every_cell
def test_dropout_sets_values_to_zero_and_keeps_the_mean(
    make_model: MakeModel, ids: np.ndarray, cell: str
) -> None:
    model = make_model(cell, 2)
    many = np.tile(ids, (40, 1))
    tape = model.forward(many, dropout=0.25, rng=np.random.default_rng(0))
    for mask, layer, given in zip(tape.masks, tape.layers, tape.inputs[1:], strict=True):
        np.testing.assert_array_equal(given, layer["h"] * mask)
        assert set(np.unique(mask)) == {0, 1 / 0.75}
        # 6,600 draws: the share strays by more than 0.03 once in 10^8 times; the seed is fixed.
        assert (mask == 0).mean() == pytest.approx(0.25, abs=0.03)
    assert model.forward(many).masks == [None, None]


@every_cell
@pytest.mark.parametrize("layer", [0, 1])
def test_a_clamped_unit_holds_its_value_and_reaches_the_others(
    make_model: MakeModel, ids: np.ndarray, cell: str, layer: int
) -> None:
    model = make_model(cell, 2)
    free = model.forward(ids)
    tape = model.forward(ids, clamps=[Clamp(layer, "h", 3, 0.75)])
    assert (tape.trace("h", layer)[..., 3] == 0.75).all()
    differs = tape.trace("h", layer) != free.trace("h", layer)
    assert differs[:, 1:, [0, 1, 2, 4]].any(axis=(0, 2)).all()  # at every later step
    assert not differs[:, 0, [0, 1, 2, 4]].any()
    other = 1 - layer
    reached = not np.array_equal(tape.trace("h", other), free.trace("h", other))
    assert reached == (other > layer)
    assert not np.isclose(tape.logits, free.logits).all()


def test_a_clamped_cell_shows_in_h_of_the_same_step(make_model: MakeModel, ids: np.ndarray) -> None:
    tape = make_model("lstm").forward(ids, clamps=[Clamp(0, "c", 2, -1.5)])
    assert (tape.trace("c", 0)[..., 2] == -1.5).all()
    np.testing.assert_allclose(
        tape.trace("h", 0)[..., 2], tape.trace("o", 0)[..., 2] * np.tanh(-1.5)
    )


@every_cell
def test_a_network_is_found_again_from_its_parameters(make_model: MakeModel, cell: str) -> None:
    for embedding_size in (0, 4):
        model = make_model(cell, 3, embedding_size)
        assert CharRNN.from_params(cell, model.params).architecture == model.architecture


def changed(params: dict[str, np.ndarray], name: str, value: np.ndarray) -> dict[str, np.ndarray]:
    return {**params, name: value}


def test_wrong_parameters_are_named_with_both_shapes(make_model: MakeModel) -> None:
    model = make_model("lstm", 2)
    good, architecture = model.params, model.architecture
    lacking = {name: p for name, p in good.items() if name != "rnn.bias_hh_l1"}
    cases = [
        (lacking, "'rnn.bias_hh_l1' is missing"),
        (changed(good, "fc.weight", np.zeros(3)), "'fc.weight' that this network does not have"),
        (
            changed(good, "decoder.weight", np.zeros((7, 6))),
            r"'decoder.weight' has shape \(7, 6\), but this network needs \(7, 5\)",
        ),
        (changed(good, "decoder.bias", np.zeros(7, np.float16)), "holds float16 numbers"),
        (changed(good, "decoder.bias", np.zeros(7, np.float32)), "all must be float32, or all"),
        (changed(good, "decoder.bias", np.zeros(7, np.int64)), "holds int64 numbers"),
    ]
    for params, sentence in cases:
        with pytest.raises(ParameterError, match=sentence):
            CharRNN(architecture, params)


def test_parameters_that_make_no_network_are_refused(make_model: MakeModel) -> None:
    params = make_model("gru").params
    for name in ("decoder.weight", "rnn.weight_ih_l0"):
        for broken in (
            {k: p for k, p in params.items() if k != name},
            {**params, name: np.ones(3)},
        ):
            with pytest.raises(ParameterError, match=name):
                CharRNN.from_params("gru", broken)
    with pytest.raises(ParameterError, match="is missing"):
        CharRNN.from_params("gru", {k: p for k, p in params.items() if k != "rnn.bias_hh_l0"})
    with pytest.raises(ParameterError, match="has shape"):
        CharRNN.from_params("lstm", params)
    with pytest.raises(ParameterError, match="no cell 'elman'; the cells are rnn_tanh"):
        CharRNN.from_params("elman", params)


def test_the_parameters_are_used_without_a_copy(make_model: MakeModel, ids: np.ndarray) -> None:
    """An optimizer may change them in place."""
    model = make_model("rnn_tanh")
    before = model.forward(ids).logits
    model.params["decoder.bias"] += 1
    np.testing.assert_allclose(model.forward(ids).logits, before + 1)


def test_the_precision_is_that_of_the_parameters(make_model: MakeModel, ids: np.ndarray) -> None:
    for cell in CELLS:
        for dtype in (np.float32, np.float64):
            model = make_model(cell, 2, 4, dtype)
            tape = model.forward(ids, dropout=0.3, rng=np.random.default_rng(0))
            grads = model.backward(tape, np.ones_like(tape.logits))
            arrays = [tape.logits, *tape.layers[1].values(), *grads.values()]
            assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_the_equations_of_a_cell_are_short_enough_to_show() -> None:
    for cell in CELLS.values():
        for equations in (cell.forward, cell.backward):
            assert len(inspect.getsource(equations).splitlines()) <= 15


def test_the_parameter_count_is_known_before_there_are_parameters() -> None:
    lstm = Architecture("lstm", 65, 0, 128, 1)
    assert lstm.parameter_count() == 4 * 128 * (65 + 128 + 2) + 65 * 128 + 65
