"""Figures and equations of one step: what is printed is what was computed."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from rnnlab.figures.cell_diagram import cell_flow
from rnnlab.figures.one_step import (
    Equation,
    aligned,
    character_terms,
    equations,
    gate_parts,
    in_words,
    number,
    order_of,
    time_scales_chart,
    unit_terms,
)
from rnnlab.inspection.one_step import CellStep, one_step
from rnnlab.network.char_rnn import CharRNN
from tests.inspection.reading import H, T, read

_NUMBER = re.compile(r"\d+\.\d+")
_WORDS = {
    r"\sigma": "sigma",
    r"\tanh": "tanh",
    r"\max": "max",
    r"\cdot": "*",
    r" \times 10^{": "e",
    "}": "",
}


def evaluated(latex: str) -> float:
    """What the printed text says, by its printed numbers."""
    for sign, word in _WORDS.items():
        latex = latex.replace(sign, word)
    known = {"sigma": lambda x: 1 / (1 + math.exp(-x)), "tanh": math.tanh, "max": max}
    return eval(latex, {"__builtins__": {}}, known)


def half_a_digit(written: str) -> float:
    return 0.5 * 10.0 ** -len(written.split(".")[1])


def room(latex: str) -> float:
    """By how much the result may move when each number moves by half its last digit."""
    here, sum_of_moves = evaluated(latex), 0.0
    for found in _NUMBER.finditer(latex):
        moved = float(found[0]) + half_a_digit(found[0])
        other = latex[: found.start()] + f"{moved:.9f}" + latex[found.end() :]
        sum_of_moves += abs(evaluated(other) - here)
    return sum_of_moves


def agrees(line: Equation) -> bool:
    allowed = 1.01 * room(line.numbers) + half_a_digit(line.result) + 1e-9
    return abs(evaluated(line.numbers) - evaluated(line.result)) <= allowed


def loud(model: CharRNN) -> CharRNN:
    """Weights ten times as large: saturated gates, and states far from 0."""
    return CharRNN(model.architecture, {name: 10 * p for name, p in model.params.items()})


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "lstm", "gru"])
def test_printed_numbers_give_the_printed_results(cell: str) -> None:
    model, tape = read(cell)
    wild = loud(model)
    far = wild.forward(tape.ids, tape.initial_state)
    for layer, unit, t in np.ndindex(2, H, T):
        for who, where in ((model, tape), (wild, far)):
            step = one_step(who, where, layer, unit, t)
            lines = equations(step)
            assert [line.left[0] for line in lines if agrees(line)] == [
                line.left[0] for line in lines
            ]
            assert evaluated(lines[-1].result) == pytest.approx(step.now["h"], abs=6e-4)


def test_gates_that_multiply_large_numbers_are_printed_with_more_digits() -> None:
    model, tape = read("lstm")
    tape.initial_state[1]["c"][0, 2] = 1_126.3
    (forget, cell) = equations(one_step(model, tape, 1, 2, 0))[1:5:3]
    assert len(forget.result.split(".")[1]) == 7
    assert forget.result in cell.numbers


def test_symbols_stand_above_their_numbers() -> None:
    model, tape = read("gru")
    lines = equations(one_step(model, tape, 0, 1, 1))
    assert lines[-1].symbols == r"(1 - z_t) \cdot n_t + z_t \cdot h_{t-1}"
    assert [line.left for line in lines] == ["r_t", "z_t", "n_t", "h_t"]
    assert aligned(lines).count("&=") == 8


@pytest.mark.parametrize(
    ("value", "written"),
    [(-0.0001, "0.000"), (-1.5, "-1.500"), (2.5e7, r"2.500 \times 10^{7}")],
)
def test_numbers_are_written_as_people_do(value: float, written: str) -> None:
    assert number(value) == written


def test_bars_and_diamond_of_a_gate_are_its_parts_and_their_sum() -> None:
    model, tape = read("lstm")
    step = one_step(model, tape, 0, 2, 3)
    *bars, diamond = gate_parts(step, "f").data
    np.testing.assert_allclose(sum(np.array(bar.x) for bar in bars), diamond.x)
    assert list(diamond.x) == [gate.total for gate in step.gates]


def test_the_largest_terms_and_all_others_make_the_whole_sum() -> None:
    terms = np.array([0.1, -3.0, 0.2, 1.0])
    (bars,) = unit_terms(terms, np.ones(4), terms, "memory", 2).data
    assert list(bars.y) == ["unit 1", "unit 3", "2 others"]
    assert sum(bars.x) == pytest.approx(terms.sum())
    assert len(unit_terms(terms, np.ones(4), terms, "input", 8).data[0].y) == 4


def test_characters_stand_in_the_order_of_what_they_add_and_are_shown_as_signs() -> None:
    (bars,) = character_terms(["<", "\n", "a"], np.array([0.5, -1.0, 0.0]), read=1).data
    assert list(bars.text) == ["↵", "a", "&lt;"]
    assert bars.marker.opacity[0] == 1.0


def test_the_drawing_holds_the_numbers_of_the_step_and_its_arrows_their_sizes() -> None:
    model, tape = read("lstm")
    step = one_step(model, tape, 0, 2, 3)
    figure = cell_flow(step, "<")
    (cells,) = figure.data
    kept, written = step.now["f"] * step.before["c"], step.now["i"] * step.now["g"]
    numbers = [*step.now.values(), step.before["c"], kept, written]
    shown = {text.split("<br>")[1].replace("−", "-") for text in cells.text.flat if text}
    assert shown == {f"{value:.3f}" for value in numbers}
    rising = [each.text for each in figure.layout.annotations if each.text]
    for gate in step.gates:
        assert f"{gate.a:.2f}".replace("-", "−") in rising
        assert f"{gate.u:.2f}".replace("-", "−") in rising
    assert "reads <b>&lt;</b>" in rising


@pytest.mark.parametrize(("cell", "boxes"), [("rnn_tanh", 2), ("rnn_relu", 2), ("gru", 7)])
def test_every_cell_has_a_drawing_of_its_own(cell: str, boxes: int) -> None:
    model, tape = read(cell)
    figure = cell_flow(one_step(model, tape, 1, 2, 3), "")
    assert np.isfinite(figure.data[0].z).sum() == boxes
    assert "layer<br>below" in [each.text for each in figure.layout.annotations]


def state_line(step: CellStep) -> tuple[float, float]:
    """How thick the state of before arrives at the gate that keeps, and how thick it leaves."""
    arrows = [each for each in cell_flow(step, "a").layout.annotations if each.showarrow]
    return arrows[0].arrowwidth, arrows[1].arrowwidth


def test_what_is_forgotten_makes_an_arrow_thin() -> None:
    model, tape = read("gru")
    step = one_step(model, tape, 0, 2, 3)
    half = replace(step, now=step.now | {"z": 0.5}, before={"h": 0.8})
    few = replace(step, now=step.now | {"z": 0.1}, before={"h": 0.8})
    (into, out), (same, less) = state_line(half), state_line(few)
    assert into == same
    assert out > less


def test_time_scales_without_end_stay_in_the_figure() -> None:
    scales = np.array([2.0, np.inf, 0.0, 34.4])
    assert order_of(scales).tolist() == [1, 3, 0, 2]
    points = time_scales_chart(scales, 3, 100).data[0]
    assert np.isfinite(points.y).all()
    assert [in_words(scale) for scale in scales] == [
        "2 characters",
        "lets nothing go",
        "erased at once",
        "34 characters",
    ]
