"""The heatmap of units."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from rnnlab.figures.scales import SHARE, TANH
from rnnlab.figures.transport import specification
from rnnlab.figures.units import units_heatmap

TRACE = np.tanh(np.random.default_rng(1).normal(size=(5, 3)))  # (T, H)


def test_rows_follow_the_order_and_are_called_by_their_units() -> None:
    cells = units_heatmap(TRACE, "ab\n <", name="h", scale=TANH, order=[2, 0, 1]).data[0]
    assert cells.y == ("2", "0", "1")
    np.testing.assert_allclose(cells.z[0], TRACE[:, 2])
    assert cells.meta["characters"] == ["a", "b", "↵", "␣", "&lt;"]


def test_positions_count_from_the_start_of_the_longer_text() -> None:
    figure = units_heatmap(TRACE, "abcde", name="h", scale=TANH, start=70)
    assert (figure.data[0].x0, figure.data[0].dx) == (70, 1)
    assert list(figure.layout.xaxis.tickvals) == [70, 71, 72, 73, 74]
    assert figure.layout.xaxis.ticktext == tuple("abcde")


def test_characters_stand_under_short_texts_only() -> None:
    long = np.zeros((121, 2))
    assert units_heatmap(long, "a" * 121, name="h", scale=TANH).layout.xaxis.tickvals is None


def test_one_byte_a_value_travels() -> None:
    trace = np.random.default_rng(2).uniform(-1, 1, size=(300, 128))
    figure = units_heatmap(trace, "a" * 300, name="h", scale=TANH)
    sent = specification(figure)
    z = json.loads(sent["traces"][0])["z"]
    assert z["dtype"] == "i1"
    assert z["shape"] == "128, 300"
    assert len(sent["traces"][0]) < 1.5 * trace.size
    assert json.loads(sent["traces"][0])["zmin"] == -1


def test_what_travels_is_the_values_on_half_a_step() -> None:
    figure = units_heatmap(TRACE, "ab\n <", name="h", scale=TANH)
    (trace,) = map(json.loads, specification(figure)["traces"])
    counts = np.frombuffer(base64.b64decode(trace["z"]["bdata"]), trace["z"]["dtype"])
    values = counts.reshape(3, 5) * trace["meta"]["step"]
    np.testing.assert_allclose(values, TRACE.T, atol=TANH.step / 2 + 1e-9)
    assert "text" not in trace  # the characters are in meta, once
    wide = specification(units_heatmap(300 * TRACE, "ab\n <", name="c"))["traces"][0]
    assert json.loads(wide)["z"]["dtype"] == "i2"


def test_without_a_page_the_figure_shows_values_and_characters() -> None:
    cells = units_heatmap(TRACE, "ab\n <").data[0]  # as in a notebook, where nothing unpacks
    np.testing.assert_allclose(cells.z, TRACE.T)
    assert (cells.zmin, cells.zmax) == (-1, 1)
    assert [list(row) for row in cells.text] == 3 * [["a", "b", "↵", "␣", "&lt;"]]


@pytest.mark.parametrize(
    ("values", "colors"),
    [(TRACE, (-1, 1)), (np.abs(TRACE), (0, 1)), (np.full((5, 3), 7.0), (0, 8))],
)
def test_without_a_scale_the_values_choose_it(values: np.ndarray, colors: tuple[int, int]) -> None:
    cells = units_heatmap(values, "abcde").data[0]
    assert (cells.zmin, cells.zmax) == colors


def test_gates_have_a_sequential_scale() -> None:
    cells = units_heatmap(np.abs(TRACE), "abcde", name="i", scale=SHARE).data[0]
    assert (cells.zmin, cells.zmax, cells.meta["scale"]) == (0, 1, "sequential")


def test_the_selected_unit_is_framed_where_it_stands() -> None:
    figure = units_heatmap(TRACE, "abcde", name="h", scale=TANH, order=[2, 0, 1], selected=(0, 3))
    row, column = figure.layout.shapes
    assert (row.y0, row.y1) == (0.5, 1.5)
    assert (column.x0, column.x1) == (2.5, 3.5)
    absent = units_heatmap(TRACE, "abcde", name="h", scale=TANH, order=[2], selected=(0, 3))
    assert not absent.layout.shapes


@pytest.mark.parametrize(("steps", "units"), [(1001, 2), (3, 257)])
def test_more_than_one_can_read_is_refused(steps: int, units: int) -> None:
    with pytest.raises(ValueError, match="at most 256 units and 1,000 characters"):
        units_heatmap(np.zeros((steps, units)), "a" * steps, name="h", scale=TANH)


def test_a_text_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="4 characters, but the trace 5 steps"):
        units_heatmap(TRACE, "abcd", name="h", scale=TANH)
