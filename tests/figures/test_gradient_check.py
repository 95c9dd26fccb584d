"""Figures of the gradient check: every weight has its place, equal gradients lie on the line."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.gradient_check import (
    MIN_DRAWN,
    agreement,
    element_heatmap,
    element_names,
    error_dots,
    heatmap_height,
)
from rnnlab.inspection.gradient_check.check import CaseSetting, TensorCheck, compared, make_case
from rnnlab.network.cells import CELLS

TEXT = "a <b>%{x} b"


@pytest.mark.parametrize("cell", CELLS)
def test_every_element_of_every_tensor_has_a_cell_and_a_name(cell: str) -> None:
    case = make_case(CaseSetting(cell, 2, text=TEXT))
    grads = case.gradients()
    symbols = "".join(sorted(set(TEXT)))
    for name, check in compared(grads, grads).items():
        (cells,) = element_heatmap(check, cell, symbols).data
        rows, columns = element_names(check, cell, symbols)
        assert cells.z.shape == (len(rows), len(columns))
        assert cells.z.size == grads[name].size
        assert (cells.z == -12).all()
        assert heatmap_height(check, cell) >= 13 * len(rows)


def test_rows_are_named_by_gate_and_characters_are_visible() -> None:
    check = compared(*[make_case(CaseSetting("gru", hidden_size=2)).gradients()] * 2)
    rows, columns = element_names(check["rnn.weight_ih_l0"], "gru", " ab")
    assert rows == ["r0", "r1", "z0", "z1", "n0", "n1"]
    assert columns == ["␣", "a", "b"]
    assert element_names(check["rnn.bias_hh_l0"], "gru", " ab") == (["r", "z", "n"], ["0", "1"])


def test_markup_in_a_text_stays_text() -> None:
    check = compared(*[make_case(CaseSetting(text=TEXT)).gradients()] * 2)["decoder.bias"]
    figure = element_heatmap(check, "lstm", "".join(sorted(set(TEXT))))
    assert "<" not in "".join(figure.layout.xaxis.ticktext)
    assert "<" not in "".join(figure.data[0].text[0])


def test_errors_of_zero_are_drawn_too() -> None:
    check = {"w": TensorCheck("w", np.ones(3), np.ones(3), 0.0)}
    (dots,) = error_dots({"this ↔ that": check}, "w").data
    assert list(dots.x) == [MIN_DRAWN]
    assert list(dots.y) == ["w"]


def test_a_gradient_of_zeros_can_be_drawn() -> None:
    line, points = agreement(TensorCheck("w", np.zeros(3), np.zeros(3), 0.0), "a", "b").data
    assert list(line.x) == list(line.y) == [-1.1, 1.1]
    assert len(points.x) == 3
