"""Planted bugs: the gradient check finds each, in the tensors that its description names."""

from __future__ import annotations

import inspect
import traceback
from dataclasses import replace
from fnmatch import fnmatch

import numpy as np
import pytest

from rnnlab.inspection.gradient_check.bugs import (
    BUGS,
    EVERY_CELL,
    Bug,
    bare_source,
    bugs_of,
    drawn,
    missing_in,
    objection,
    source_diff,
)
from rnnlab.inspection.gradient_check.check import (
    Case,
    CaseSetting,
    compared,
    element_errors,
    make_case,
)
from rnnlab.inspection.gradient_check.wrong_functions import WRONG_FUNCTIONS, with_wrong_function
from rnnlab.network.cells import CELLS, GRU
from rnnlab.network.layers import linear_backward
from rnnlab.training.engines.factory import autograd

EACH = [(cell, bug.name) for cell in CELLS for bug in bugs_of(cell)]
FAR = 1e-3  # bugs are no matter of rounding


def with_bug(setting: CaseSetting, bug: Bug) -> dict:
    """What the check finds of a network with a bug."""
    case = make_case(setting)
    broken = replace(case, model=bug.put_into(case.model))
    return compared(broken.gradients(), case.differences(), case.loss)


def wrong(setting: CaseSetting, bug: Bug) -> frozenset[str]:
    return frozenset(name for name, one in with_bug(setting, bug).items() if not one.passes)


def is_named(tensor: str, bug: Bug) -> bool:
    """Whether the description of a bug names this tensor among those that are wrong."""
    return any(fnmatch(tensor, pattern) for pattern in bug.fails)


def wrong_gates(setting: CaseSetting, bug: Bug) -> tuple[str, ...]:
    """Gates with a wrong row in some tensor of the recurrent layer."""
    gates = CELLS[setting.cell].gates
    found = with_bug(setting, bug)
    checks = [one for name, one in found.items() if name.startswith("rnn.") and not one.passes]
    blocks = [np.array_split(one.analytic - one.numeric, max(len(gates), 1)) for one in checks]
    return tuple(
        gate for k, gate in enumerate(gates) if any(np.abs(b[k]).max() > FAR / 10 for b in blocks)
    )


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_the_right_code_agrees_with_torch_and_with_the_loss(cell: str, num_layers: int) -> None:
    case = make_case(CaseSetting(cell, num_layers, hidden_size=8, seq_length=12))
    hand, numeric = case.gradients(), case.differences()
    loss, torch_says = autograd(case.model, case.ids, case.targets, case.state)
    assert loss == pytest.approx(case.loss, rel=1e-12)
    for name, one in compared(hand, torch_says).items():
        assert one.error <= 1e-10, name
    for found in (compared(hand, numeric, loss), compared(torch_says, numeric, loss)):
        assert all(one.passes and one.error < 1e-6 for one in found.values())


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize(("cell", "name"), EACH)
def test_a_bug_is_found_in_exactly_the_tensors_it_names(
    cell: str, name: str, num_layers: int
) -> None:
    bug = BUGS[name]
    setting = CaseSetting(cell, num_layers)
    for tensor, one in with_bug(setting, bug).items():
        assert one.passes is not is_named(tensor, bug), tensor
        assert one.passes or one.error > FAR, tensor
    if bug.hidden_by:
        assert not wrong(replace(setting, **{bug.hidden_by: 1}), bug)


@pytest.mark.parametrize("cell", CELLS)
def test_one_step_hides_the_carried_gradient_and_two_show_it(cell: str) -> None:
    bug = BUGS["carried"]
    assert not wrong(CaseSetting(cell, 2, seq_length=1), bug)
    assert wrong(CaseSetting(cell, 2, seq_length=2), bug)


@pytest.mark.parametrize("cell", CELLS)
def test_what_can_be_tried_tells_every_bug_from_every_other(cell: str) -> None:
    """Wrong tensors as they stand, with one step and with one sequence; gates with one step."""
    usual = CaseSetting(cell)
    patterns = {}
    for bug in bugs_of(cell):
        one_step = replace(usual, seq_length=1)
        gates = wrong_gates(one_step, bug)
        patterns[bug.name] = (
            wrong(usual, bug),
            wrong(one_step, bug),
            wrong(replace(usual, batch_size=1), bug),
            gates,
        )
        if bug.gates.get(cell):
            assert gates == bug.gates[cell]
    assert len(set(patterns.values())) == len(patterns)


@pytest.mark.parametrize("cell", CELLS)
def test_what_speaks_against_a_candidate_is_seen_and_does_not_name_the_bug(cell: str) -> None:
    usual = CaseSetting(cell)
    found = {bug.name: with_bug(usual, bug) for bug in bugs_of(cell)}
    for planted in bugs_of(cell):
        for candidate in bugs_of(cell):
            if candidate is planted:
                continue
            words = objection(found[candidate.name], found[planted.name])
            same = wrong(usual, candidate) == wrong(usual, planted)
            assert ("with other numbers" in words) is same
            named = [name for name in found[planted.name] if f"`{name}`" in words]
            assert named
            assert same or all(is_named(n, candidate) != is_named(n, planted) for n in named)
            assert planted.title not in words


def test_where_neither_can_be_seen_the_objection_says_so() -> None:
    one_step = CaseSetting(seq_length=1)
    found = [with_bug(one_step, BUGS[name]) for name in ("carried", "bias_last")]
    assert "Change them" in objection(*found)


def test_a_bias_averaged_over_the_batch_is_wrong_by_that_factor() -> None:
    found = with_bug(CaseSetting("gru", batch_size=4), BUGS["bias_mean"])["decoder.bias"]
    np.testing.assert_allclose(found.analytic, found.numeric / 4, rtol=1e-6)


def test_only_columns_of_repeated_characters_are_overwritten() -> None:
    setting = CaseSetting("rnn_tanh", batch_size=1, seq_length=6, text="abcabd?")
    case = make_case(setting)
    found = with_bug(setting, BUGS["lookup"])["rnn.weight_ih_l0"]
    wrong_columns = np.abs(found.analytic - found.numeric).max(axis=0) > 1e-8
    times = np.bincount(case.ids[0], minlength=5)
    np.testing.assert_array_equal(wrong_columns, times > 1)
    apart = replace(setting, text="abcdef?")
    assert not wrong(apart, BUGS["lookup"])


@pytest.mark.parametrize("cell", WRONG_FUNCTIONS)
def test_a_wrong_function_passes_the_check_and_differs_from_torch(cell: str) -> None:
    assert cell in CELLS
    case = make_case(CaseSetting(cell, 2))
    other = replace(case, model=with_wrong_function(case.model))
    by_loss = compared(other.gradients(), other.differences(), other.loss)
    assert all(one.passes for one in by_loss.values())
    _, torch_says = autograd(case.model, case.ids, case.targets, case.state)
    assert all(one.error > FAR for one in compared(other.gradients(), torch_says).values())


def test_differences_are_those_of_the_network_itself() -> None:
    """Moved one weight at a time, through the forward pass that is trained with."""
    case = make_case(CaseSetting("lstm", 2, hidden_size=3, seq_length=4))
    found, rng = case.differences(), np.random.default_rng(0)
    for name, param in case.model.params.items():
        place = tuple(rng.integers(param.shape))
        param[place] += 1e-5
        higher = case.loss
        param[place] -= 2e-5
        lower = case.loss
        param[place] += 1e-5
        assert found[name][place] == pytest.approx((higher - lower) / 2e-5, abs=1e-9)


def test_element_by_element_even_torch_fails() -> None:
    """Rounding is all there is where a gradient is nearly 0, so no bug may be seen there."""
    case = make_case(CaseSetting("lstm", 2, hidden_size=8, seq_length=12))
    _, torch_says = autograd(case.model, case.ids, case.targets, case.state)
    found = compared(torch_says, case.differences(), case.loss)
    assert sum((element_errors(one) > 1e-6).sum() for one in found.values()) > 10
    assert all(one.passes for one in found.values())


@pytest.mark.parametrize("cell", CELLS)
def test_every_bug_is_drawn_and_a_number_draws_the_same_one(cell: str) -> None:
    """A bug of seven stays away in 150 fair draws with a probability below 1e-9."""
    names = [drawn(cell, number).name for number in range(150)]
    assert set(names) == {bug.name for bug in bugs_of(cell)}
    assert names == [drawn(cell, number).name for number in range(150)]


def test_a_cell_without_gates_cannot_swap_them() -> None:
    assert [bug.name for bug in missing_in("rnn_tanh")] == ["swapped"]
    assert not missing_in("lstm")
    with pytest.raises(ValueError, match="no place"):
        BUGS["swapped"].put_into(make_case(CaseSetting("rnn_relu")).model)


@pytest.mark.parametrize(
    ("cell", "name", "line"),
    [
        (cell, bug.name, right_line)
        for bug in BUGS.values()
        for key, (right_line, _) in bug.lines.items()
        for cell in (CELLS if key == EVERY_CELL else [key])
    ],
)
def test_a_line_that_is_replaced_stands_once_in_the_right_source(
    cell: str, name: str, line: str
) -> None:
    right, _ = BUGS[name].functions(cell)
    assert [each.strip() for each in inspect.getsource(right).splitlines()].count(line) == 1


@pytest.mark.parametrize(("cell", "name"), EACH)
def test_right_and_wrong_source_differ_in_the_line_that_is_replaced(cell: str, name: str) -> None:
    bug = BUGS[name]
    right, wrong = bug.functions(cell)
    right_line, wrong_line = bug.lines.get(cell) or bug.lines[EVERY_CELL]
    lines = source_diff(right, wrong).splitlines()
    assert [line[2:].strip() for line in lines if line[0] == "-"] == [right_line]
    assert [line[2:].strip() for line in lines if line[0] == "+"] == wrong_line.splitlines()
    assert [line[2:] for line in lines if line[0] != "+"] == bare_source(right)


def test_a_line_that_is_not_there_is_refused() -> None:
    missing = replace(BUGS["slope"], lines={"gru": ("dn = 0", "dn = 1")})
    with pytest.raises(ValueError, match=r"once in GRU.backward, but it is found 0 times: dn = 0"):
        missing.functions("gru")


def test_wrong_code_has_a_source_of_its_own_and_leaves_the_right_one_alone() -> None:
    right, wrong = BUGS["slope"].functions("lstm")
    assert "dg = dc * i\n" in inspect.getsource(wrong)
    assert "dg = dc * i * (1 - g**2)\n" in inspect.getsource(right)
    assert CELLS["lstm"].backward is right
    try:
        wrong({}, {}, {})
    except KeyError as error:
        told = "".join(traceback.format_exception(error))
    assert 'i, f, g, o = (values[name] for name in "ifgo")' in told
    assert "<slope in rnnlab.network.cells.LSTM.backward>" in told


def test_a_cell_with_a_bug_is_the_same_cell_but_for_its_backward_pass() -> None:
    model = make_case(CaseSetting("gru")).model
    broken = BUGS["swapped"].put_into(model)
    assert issubclass(broken.cell, CELLS["gru"])
    assert broken.cell.forward is CELLS["gru"].forward
    assert broken.cell.backward is not CELLS["gru"].backward
    assert model.cell is CELLS["gru"]


def test_a_new_cell_can_have_the_bugs_outside_of_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    class NewCell(GRU):
        name = "new"

    monkeypatch.setitem(CELLS, "new", NewCell)
    assert [bug.name for bug in missing_in("new")] == ["slope", "swapped"]
    for bug in bugs_of("new"):
        assert wrong(CaseSetting("new"), bug) == wrong(CaseSetting("gru"), bug) != frozenset()


def test_a_source_is_shown_without_its_docstring() -> None:
    lines = bare_source(linear_backward)
    assert lines[0] == "def linear_backward("
    assert not any('"""' in line for line in lines)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "abc"}, "shorter sequences"),
        ({"text": "a" * 41}, "need 9 to 40"),
        ({"hidden_size": 9}, "takes 1 to 8"),
        ({"cell": "transformer"}, "There is no cell"),
    ],
)
def test_a_setting_that_cannot_be_checked_is_refused(changes: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        CaseSetting(**changes)


def test_sequences_lie_spread_over_the_text() -> None:
    case: Case = make_case(CaseSetting(batch_size=3, seq_length=2, text="abcdefg"))
    assert case.ids.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert case.targets.tolist() == [[1, 2], [3, 4], [5, 6]]
