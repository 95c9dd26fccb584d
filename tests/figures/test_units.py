"""Figures of single units and of the path of a layer: every value at its place, text as text."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.scales import TANH
from rnnlab.figures.units import kind, path_map, unit_history, unit_lines

TEXT = "To be,\n<b>2</b>"
VALUES = np.random.default_rng(5).uniform(-1, 1, (len(TEXT), 4)).astype(np.float32)


def test_lines_lie_at_the_positions_of_the_longer_text() -> None:
    figure = unit_lines({2: VALUES[:, 2], 0: VALUES[:, 0]}, TEXT, name="h", scale=TANH, start=40)
    first = next(trace for trace in figure.data if trace.name == "unit 2")
    np.testing.assert_array_equal(first.x, np.arange(40, 40 + len(TEXT)))
    np.testing.assert_array_equal(first.y, VALUES[:, 2])
    assert figure.data[-1].name == "unit 2"  # drawn last, on top
    assert figure.layout.yaxis.title.text == "h"


def test_chosen_units_differ_in_color() -> None:
    lines = {unit: VALUES[:, 0] for unit in range(8)}
    looks = {
        (trace.line.color, trace.line.dash)
        for trace in unit_lines(lines, TEXT, name="h", scale=TANH).data
    }
    assert len(looks) == 8


def test_snapshots_of_training_are_rows_that_a_click_can_name() -> None:
    figure = unit_history(VALUES.T, [0, 3, 10, 200], TEXT, name="c", scale=TANH)
    cells = figure.data[0]
    assert list(cells.y) == ["0", "3", "10", "200"]
    np.testing.assert_allclose(cells.z, VALUES.T)
    assert figure.layout.yaxis.autorange == "reversed"  # the earliest at the top


def test_marks_in_a_text_are_not_formatting() -> None:
    figures = [
        unit_lines({0: VALUES[:, 0]}, TEXT, name="h", scale=TANH),
        unit_history(VALUES.T, [0, 1, 2, 3], TEXT, name="h", scale=TANH),
        path_map(VALUES[:, :2], [0.6, 0.2], TEXT),
    ]
    for figure in figures:
        assert "&lt;" in figure.to_json()
        assert "<b>" not in figure.to_json()


def test_every_character_has_its_point_on_the_map() -> None:
    figure = path_map(VALUES[:, :2], [0.6, 0.2], TEXT, start=7)
    stops = [trace for trace in figure.data if trace.name != "path"]
    found = {int(t): (x, y) for s in stops for t, x, y in zip(s.customdata, s.x, s.y, strict=True)}
    assert sorted(found) == list(range(7, 7 + len(TEXT)))
    for t, point in found.items():
        np.testing.assert_allclose(point, VALUES[t - 7, :2])
    assert "60%" in figure.layout.xaxis.title.text


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("a", "vowels"),
        ("ü", "vowels"),
        ("t", "other letters"),
        ("한", "other letters"),
        ("Q", "capitals"),
        (" ", "spaces"),
        ("\t", "spaces"),
        ("\n", "line ends"),
        ("7", "digits"),
        ("<", "other signs"),
        ("😀", "other signs"),
    ],
)
def test_kinds_of_characters(character: str, expected: str) -> None:
    assert kind(character) == expected
