"""Figures of two models on one text: bars that add up, and gates in their panels."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures import colors
from rnnlab.figures.two_models import class_bars, difference_bars, saturation_map
from rnnlab.inspection.comparison import ClassBits, Saturation

CLASSES = (
    ClassBits("newline", "The end of a line.", 10, 20.0, 5.0),
    ClassBits("inside a word", "A letter.", 30, 60.0, 90.0),
)


def test_bars_are_means_and_the_parts_of_the_difference_add_up_to_it() -> None:
    first, second = class_bars(CLASSES, ("A: one", "B: two")).data
    np.testing.assert_allclose(first.x, [2, 2])
    np.testing.assert_allclose(second.x, [0.5, 3])
    (parts,) = difference_bars(CLASSES).data
    np.testing.assert_allclose(parts.x, [-15 / 40, 30 / 40])
    assert parts.x.sum() == pytest.approx((95 - 80) / 40)


def test_no_difference_is_drawn_as_none() -> None:
    alike = [ClassBits("newline", "", 3, 4.0, 4.0)]
    figure = difference_bars(alike)
    assert figure.data[0].x.tolist() == [0]
    low, high = figure.layout.xaxis.range
    assert low < 0 < high


def test_each_gate_has_a_panel_and_each_layer_a_color() -> None:
    left, right = np.array([0.1, 0.8]), np.array([0.7, 0.1])
    found = [Saturation(layer, name, left, right) for name in "rz" for layer in (0, 1)]
    figure = saturation_map(found)
    points = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.xaxis for trace in points] == ["x", "x", "x2", "x2"]
    assert [trace.marker.color for trace in points] == [*colors.LAYERS[:2]] * 2
    assert [trace.showlegend for trace in points] == [True, True, False, False]
    np.testing.assert_allclose(points[0].x, right)
    np.testing.assert_allclose(points[0].y, left)
    assert "keeps" in figure.layout.xaxis2.title.text
    assert "overwrites" in figure.layout.yaxis2.title.text
