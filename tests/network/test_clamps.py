"""Units that are held or moved: where exactly a change reaches in, in every cell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.clamps import Clamp, ClampEach, Offset
from rnnlab.network.sampling import sample

MakeModel = Callable[..., CharRNN]
every_cell = pytest.mark.parametrize("cell", CELLS)


@every_cell
def test_an_offset_of_nothing_changes_nothing(
    make_model: MakeModel, ids: np.ndarray, cell: str
) -> None:
    model = make_model(cell, 2)
    changes = [Offset(k, name, 3, 0.0) for k in (0, 1) for name in model.cell.states]
    np.testing.assert_array_equal(
        model.forward(ids, clamps=changes).logits, model.forward(ids).logits
    )


@every_cell
def test_an_offset_is_added_at_every_step(
    make_model: MakeModel, ids: np.ndarray, cell: str
) -> None:
    """Against a walk in which each new state is moved before the next step reads it."""
    model, amount = make_model(cell), 0.3
    tape = model.forward(ids, clamps=[Offset(0, "h", 2, amount)])
    state = model.initial_state(len(ids))
    for t in range(ids.shape[1]):
        _, state, _ = model.step(ids[:, t], state)
        state[0]["h"][:, 2] += amount
        np.testing.assert_allclose(tape.trace("h")[:, t], state[0]["h"], atol=1e-12)


@pytest.mark.parametrize("change", [Clamp(0, "c", 2, -1.5), Offset(0, "c", 2, 0.7)])
def test_c_is_changed_before_h_is_computed_from_it(
    make_model: MakeModel, ids: np.ndarray, change: Clamp | Offset
) -> None:
    tape = make_model("lstm").forward(ids, clamps=[change])
    c, f, i, g, o, h = (tape.trace(name)[..., 2] for name in "cfigoh")
    np.testing.assert_allclose(h, o * np.tanh(c))
    if isinstance(change, Offset):
        before = np.concatenate([np.zeros((len(c), 1)), c[:, :-1]], axis=1)
        np.testing.assert_allclose(c, f * before + i * g + change.value)


@every_cell
def test_each_text_of_a_batch_can_have_a_unit_of_its_own_held(
    make_model: MakeModel, cell: str
) -> None:
    model = make_model(cell, 2)
    text = np.random.default_rng(6).integers(0, 6, 9)
    units, values = np.array([4, 0, 2]), np.array([0.5, -0.25, 0.0])
    for name in model.cell.states:
        each = ClampEach(0, name, units, values)
        together = model.forward(np.tile(text, (3, 1)), clamps=[each]).logits
        for row in range(3):
            alone = Clamp(0, name, int(units[row]), float(values[row]))
            expected = model.forward(text[None], clamps=[alone]).logits[0]
            np.testing.assert_allclose(together[row], expected, atol=1e-12)


def test_several_changes_follow_each_other(make_model: MakeModel, ids: np.ndarray) -> None:
    changes = [Clamp(0, "h", 1, 0.5), Offset(0, "h", 1, 0.25), Clamp(0, "h", 4, -1.0)]
    h = make_model("gru").forward(ids, clamps=changes).trace("h")
    np.testing.assert_array_equal(h[..., 1], 0.75)
    np.testing.assert_array_equal(h[..., 4], -1.0)


def test_impossible_offsets_are_refused_in_a_sentence(make_model: MakeModel) -> None:
    model, rng = make_model("lstm"), np.random.default_rng(0)
    with pytest.raises(ValueError, match="cannot be moved by nan"):
        sample(model, [0], rng=rng, clamps=[Offset(0, "h", 0, np.nan)])
    with pytest.raises(ValueError, match="no unit 5 in layer 0"):
        sample(model, [0], rng=rng, clamps=[Offset(0, "h", 5, 0.1)])
