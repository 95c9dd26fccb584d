"""Rankings and probes as figures: the numbers given are those drawn."""

from __future__ import annotations

import numpy as np

from rnnlab.figures.find_unit import probe_bars, ranking_bars, unit_and_feature
from rnnlab.figures.scales import TANH
from rnnlab.inspection.units.probe import Probe


def test_bars_are_as_long_as_the_correlation_and_tell_its_sign() -> None:
    figure = ranking_bars(["<b>", "two"], np.array([0.5, -0.25]), ["x", "y"], 0.1, chosen=1)
    (bars,) = figure.data
    np.testing.assert_allclose(bars.x, [0.5, 0.25])
    assert bars.text == ("+0.50", "−0.25")
    assert bars.y[0] == "&lt;b&gt;"
    assert bars.marker.color[0] != bars.marker.color[1]
    assert bars.marker.opacity == (0.45, 1.0)
    assert figure.layout.shapes[0].x0 == 0.1


def test_a_probe_is_drawn_beside_guessing() -> None:
    found = Probe(0.9, 0.7, 0.6, 0.65, 0.8, 0.95, False, 70, 30)
    figure = probe_bars(found)
    np.testing.assert_allclose(figure.data[0].x, [0.9, 0.7, 0.65, 0.6, 0.8])
    assert figure.layout.shapes[0].x0 == 0.5
    number = Probe(0.9, 0.7, -0.2, 0.65, 0.8, None, True, 70, 30)
    assert probe_bars(number).layout.xaxis.range[0] < -0.1


def test_a_feature_is_a_band_and_a_number_a_line_with_an_axis() -> None:
    values, text = np.linspace(-1, 1, 4).astype(np.float32), "a\nbc"
    marks = np.array([True, False, True, True])
    band = unit_and_feature(3, values, marks, text, name="h", feature="x", scale=TANH)
    np.testing.assert_allclose(band.data[-1].y, marks)
    assert band.data[-1].fill == "tozeroy"
    line = unit_and_feature(
        3, values, np.arange(4, dtype=np.float32), text, name="h", feature="x", scale=TANH
    )
    assert line.layout.yaxis2.visible
    assert line.layout.yaxis2.title.text == "x"
