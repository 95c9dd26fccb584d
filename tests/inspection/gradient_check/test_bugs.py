"""Planted bugs: the gradient check finds each, in the tensors that its description names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnlab.inspection.gradient_check.check import (
    Case,
    CaseSetting,
    compared,
    element_errors,
    make_case,
)
from rnnlab.inspection.gradient_check.faults.catalog import FAULTS, drawn, faults_of, missing_in
from rnnlab.inspection.gradient_check.faults.fault import Fault
from rnnlab.inspection.gradient_check.faults.source_diff import bare_source, source_diff
from rnnlab.inspection.gradient_check.faults.suspicion import objection
from rnnlab.inspection.gradient_check.wrong_functions import WRONG_FUNCTIONS, with_wrong_function
from rnnlab.network.cells import CELLS
from rnnlab.network.layers import linear_backward
from rnnlab.training.engines.factory import autograd

BUGS = [(cell, fault.name) for cell in CELLS for fault in faults_of(cell)]
FAR = 1e-3  # bugs are no matter of rounding


def with_fault(setting: CaseSetting, fault: Fault) -> dict:
    """What the check finds of a network with a bug."""
    case = make_case(setting)
    faulty = replace(case, model=fault.put_into(case.model))
    return compared(faulty.gradients(), case.differences(), case.loss)


def wrong(setting: CaseSetting, fault: Fault) -> frozenset[str]:
    return frozenset(name for name, one in with_fault(setting, fault).items() if not one.passes)


def wrong_gates(setting: CaseSetting, fault: Fault) -> tuple[str, ...]:
    """Gates with a wrong row in some tensor of the recurrent layer."""
    gates = CELLS[setting.cell].gates
    found = with_fault(setting, fault)
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
@pytest.mark.parametrize(("cell", "name"), BUGS)
def test_a_bug_is_found_in_exactly_the_tensors_it_names(
    cell: str, name: str, num_layers: int
) -> None:
    fault = FAULTS[name]
    setting = CaseSetting(cell, num_layers)
    for tensor, one in with_fault(setting, fault).items():
        assert one.passes is not fault.is_wrong(tensor), tensor
        assert one.passes or one.error > FAR, tensor
    if fault.hidden_by:
        assert not wrong(replace(setting, **{fault.hidden_by: 1}), fault)


@pytest.mark.parametrize("cell", CELLS)
def test_one_step_hides_the_carried_gradient_and_two_show_it(cell: str) -> None:
    fault = FAULTS["carried"]
    assert not wrong(CaseSetting(cell, 2, seq_length=1), fault)
    assert wrong(CaseSetting(cell, 2, seq_length=2), fault)


@pytest.mark.parametrize("cell", CELLS)
def test_what_can_be_tried_tells_every_bug_from_every_other(cell: str) -> None:
    """Wrong tensors as they stand, with one step and with one sequence; gates with one step."""
    usual = CaseSetting(cell)
    patterns = {}
    for fault in faults_of(cell):
        one_step = replace(usual, seq_length=1)
        gates = wrong_gates(one_step, fault)
        patterns[fault.name] = (
            wrong(usual, fault),
            wrong(one_step, fault),
            wrong(replace(usual, batch_size=1), fault),
            gates,
        )
        if fault.pieces[cell].gates:
            assert gates == fault.pieces[cell].gates
    assert len(set(patterns.values())) == len(patterns)


@pytest.mark.parametrize("cell", CELLS)
def test_what_speaks_against_a_suspect_is_seen_and_names_no_culprit(cell: str) -> None:
    usual = CaseSetting(cell)
    found = {fault.name: with_fault(usual, fault) for fault in faults_of(cell)}
    for culprit in faults_of(cell):
        for suspect in faults_of(cell):
            if suspect is culprit:
                continue
            words = objection(found[suspect.name], found[culprit.name])
            same = wrong(usual, suspect) == wrong(usual, culprit)
            assert ("with other numbers" in words) is same
            named = [name for name in found[culprit.name] if f"`{name}`" in words]
            assert named
            assert same or all(suspect.is_wrong(n) != culprit.is_wrong(n) for n in named)
            assert culprit.title not in words


def test_where_neither_can_be_seen_the_objection_says_so() -> None:
    one_step = CaseSetting(seq_length=1)
    found = [with_fault(one_step, FAULTS[name]) for name in ("carried", "bias_last")]
    assert "Change them" in objection(*found)


def test_a_bias_averaged_over_the_batch_is_wrong_by_that_factor() -> None:
    found = with_fault(CaseSetting("gru", batch_size=4), FAULTS["bias_mean"])["decoder.bias"]
    np.testing.assert_allclose(found.analytic, found.numeric / 4, rtol=1e-6)


def test_only_columns_of_repeated_characters_are_overwritten() -> None:
    setting = CaseSetting("rnn_tanh", batch_size=1, seq_length=6, text="abcabd?")
    case = make_case(setting)
    found = with_fault(setting, FAULTS["lookup"])["rnn.weight_ih_l0"]
    wrong_columns = np.abs(found.analytic - found.numeric).max(axis=0) > 1e-8
    times = np.bincount(case.ids[0], minlength=5)
    np.testing.assert_array_equal(wrong_columns, times > 1)
    apart = replace(setting, text="abcdef?")
    assert not wrong(apart, FAULTS["lookup"])


@pytest.mark.parametrize("cell", CELLS)
def test_a_wrong_function_passes_the_check_and_differs_from_torch(cell: str) -> None:
    assert set(WRONG_FUNCTIONS) == set(CELLS)
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
    assert set(names) == {fault.name for fault in faults_of(cell)}
    assert names == [drawn(cell, number).name for number in range(150)]


def test_a_cell_without_gates_cannot_swap_them() -> None:
    assert [fault.name for fault in missing_in("rnn_tanh")] == ["swapped"]
    assert not missing_in("lstm")
    with pytest.raises(ValueError, match="no place"):
        FAULTS["swapped"].put_into(make_case(CaseSetting("rnn_relu")).model)


@pytest.mark.parametrize(("cell", "name"), BUGS)
def test_right_and_wrong_source_differ_in_a_line_or_two(cell: str, name: str) -> None:
    difference = source_diff(*FAULTS[name].pieces[cell].sources(cell)).splitlines()
    marks = [line[0] for line in difference]
    assert 1 <= marks.count("-") <= 2
    assert 1 <= marks.count("+") <= 3


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
