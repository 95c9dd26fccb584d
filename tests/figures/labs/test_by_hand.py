"""Smoothed losses of several runs in one figure."""

from __future__ import annotations

import numpy as np

from rnnlab.figures.labs.by_hand import MAX_POINTS, SmoothedCurve, smoothed_chart


def curve(group: str, losses: list[float]) -> SmoothedCurve:
    return SmoothedCurve(group, np.arange(1, len(losses) + 1), np.array(losses))


def test_an_experiment_has_one_color_and_is_named_once() -> None:
    curves = [curve("A", [4, 3, 2]), curve("A", [4, 2, 1]), curve("<b>", [4, 4, 4])]
    figure = smoothed_chart(curves, {})
    first, second, other = figure.data
    assert first.line.color == second.line.color != other.line.color
    assert [trace.showlegend for trace in figure.data] == [True, False, True]
    assert other.name == "&lt;b&gt;"
    np.testing.assert_array_equal(second.y, np.float32([4, 2, 1]))


def test_levels_reach_to_the_end_of_the_longest_run() -> None:
    figure = smoothed_chart([curve("A", [4.0] * 7), curve("B", [3.0] * 9)], {"guessing": 4.17})
    level = figure.data[-1]
    assert level.x.tolist() == [0, 9]
    np.testing.assert_allclose(level.y, 4.17, rtol=1e-6)


def test_axes_have_names_and_units_and_long_curves_are_thinned() -> None:
    figure = smoothed_chart([curve("A", np.linspace(4, 2, 50_000).tolist())], {})
    assert figure.layout.xaxis.title.text == "updates"
    assert "nats per character" in figure.layout.yaxis.title.text
    assert len(figure.data[0].x) <= MAX_POINTS + 4
    assert figure.data[0].x[-1] == 50_000


def test_without_curves_it_is_empty() -> None:
    assert not smoothed_chart([], {}).data
