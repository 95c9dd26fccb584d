"""Triangles, decays, eigenvalues, clipping and truncation as they are drawn."""

from __future__ import annotations

import itertools

import numpy as np
import plotly.graph_objects as go
import pytest

from rnnlab.figures.bptt import (
    MAX_POWER,
    MIN_POWER,
    DecayLine,
    Panel,
    bptt_matrices,
    clipping_bars,
    decay_chart,
    direction_chart,
    eigenvalue_chart,
    power_of_ten,
    truncation_chart,
)
from rnnlab.inspection.gradients.bptt import Against, Truncation
from rnnlab.inspection.gradients.clipping import clipped

TEXT = "a <\n"  # three predictions
NORMS = np.array([[1.0, 0, 0], [1e-3, np.inf, 0], [0.0, 1e-30, 10.0]])


def matrices(*panels: Panel, columns: int = 2) -> go.Figure:
    return bptt_matrices(panels, TEXT, columns=columns, state="h", height=500, start=7)


def test_what_comes_later_is_blank_and_all_panels_have_the_same_colors() -> None:
    figure = matrices(Panel("one", NORMS), Panel("two", 1e-5 * NORMS))
    for trace in figure.data:
        assert (trace.zmin, trace.zmax) == (MIN_POWER, MAX_POWER)
        np.testing.assert_array_equal(np.isnan(trace.z), np.triu(np.ones((3, 3)), 1))
    np.testing.assert_allclose(
        figure.data[0].z[np.tril_indices(3)], [0, -3, MAX_POWER, MIN_POWER, MIN_POWER, 1]
    )
    assert [trace.showscale for trace in figure.data] == [True, False]


def test_hover_knows_positions_characters_and_the_norm_itself() -> None:
    (trace,) = matrices(Panel("one", NORMS), columns=1).data
    assert list(trace.x) == ["7 a", "8 ␣", "9 &lt;"]
    assert list(trace.y) == ["7 a → ␣", "8 ␣ → &lt;", "9 &lt; → ↵"]
    assert trace.customdata[2, 1] == pytest.approx(1e-30)
    assert np.isfinite(trace.customdata).all()  # what JSON has no word for would be lost


def test_a_network_that_is_not_there_leaves_an_empty_panel_that_says_so() -> None:
    figure = matrices(Panel("a <b>", NORMS), Panel("none", None))
    assert np.isnan(figure.data[1].z).all()
    words = [each.text for each in figure.layout.annotations]
    assert words == ["<b>a &lt;b&gt;</b>", "<b>none</b>", "no such run here"]


def test_panels_do_not_overlap() -> None:
    layout = matrices(*[Panel("x", NORMS)] * 8, columns=4).layout
    across = [layout[f"xaxis{n or ''}"].domain for n in ("", 2, 3, 4)]
    assert all(a[1] < b[0] for a, b in itertools.pairwise(across))
    assert layout.yaxis5.domain[1] < layout.yaxis.domain[0]


def test_theory_may_leave_the_axis_but_what_was_measured_stays_on_it() -> None:
    measured = DecayLine("a", 0.1 ** np.arange(10.0), 0)
    theory = DecayLine("bound", 10.0 ** np.arange(10.0), 0, "dash", True)
    figure = decay_chart([measured, theory], "h", seq_length=4)
    low, high = figure.layout.yaxis.range
    assert low < -9 < 0 < high < 2
    assert figure.layout.shapes[0].x0 == 4
    assert not decay_chart([measured], "h", seq_length=64).layout.shapes


def test_what_vanished_or_exploded_is_left_out_of_a_decay() -> None:
    figure = decay_chart([DecayLine("a", np.array([1.0, 0.1, 0.0, np.inf]), None)], "c", None)
    np.testing.assert_array_equal(figure.data[0].x, [0, 1])


def test_the_unit_circle_is_round_and_in_sight() -> None:
    figure = eigenvalue_chart(0.1 * np.array([1, 1j]), np.array([13.7, 1j]), "g")
    assert figure.layout.yaxis.scaleanchor == "x"
    assert 1 < figure.layout.xaxis.range[1] < 3
    assert figure.data[0].name == "as it is (up to |λ| = 13.7)"
    np.testing.assert_allclose(figure.data[1].customdata, 0.1)


def test_clipping_has_three_bars_a_tensor() -> None:
    grads = {"a": np.array([3.0]), "b": np.array([4.0])}
    after = {kind: clipped(grads, 5.0, kind, 1.0) for kind in ("norm", "value")}
    figure = clipping_bars({"a": 3.0, "b": 4.0}, after)
    assert figure.data[0].x == pytest.approx([3, 4])
    assert figure.data[1].x == pytest.approx([0.6, 0.8], rel=1e-5)
    assert figure.data[2].x == pytest.approx([1, 1])
    many = {kind: [found, found] for kind, found in after.items()}
    lines = direction_chart([1.0, 2.0], many, 1.0).data
    assert lines[0].y == pytest.approx([1, 1])
    assert lines[1].y == pytest.approx([7 / 5 / np.sqrt(2)] * 2)
    assert lines[2].y == pytest.approx([1, 1])


def test_truncation_has_a_line_for_each_network_and_kind() -> None:
    against = Against(np.array([0.5, 0.0]), np.array([0.9, 1.0]), np.array([1.0, 2.5]))
    found = Truncation(np.array([1, 4]), against, against, 1.0)
    figure = truncation_chart({"LSTM": found, "<b>": found}, "cosine", 4)
    assert [trace.name for trace in figure.data][2:] == [
        "&lt;b&gt;: at most k back",
        "&lt;b&gt;: windows of k",
    ]
    np.testing.assert_array_equal(figure.data[0].y, [0.9, 1.0])
    assert len(figure.layout.shapes) == 1


def test_powers_of_ten_are_written_small() -> None:
    assert [power_of_ten(power) for power in (-12, 0, 3)] == ["10⁻¹²", "10⁰", "10³"]
