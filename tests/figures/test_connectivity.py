"""Figures of dependence: nothing above the diagonal, distances from 1 on, texts as texts."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.connectivity import dependence_maps, lag_chart, measures_chart

TEXT = "a<b>\n"
MATRIX = np.tril(np.array([0.1, 0.2, 0.4, 0.8])[:, None] * np.ones(4))


@pytest.mark.parametrize("is_log", [True, False])
def test_maps_are_empty_above_the_diagonal_and_share_their_scale(is_log: bool) -> None:
    found = {"one": MATRIX, "<i>two": MATRIX / 2}
    figure = dependence_maps(found, TEXT, start=7, unit="share", is_log=is_log)
    for trace, values in zip(figure.data, found.values(), strict=True):
        below = np.tri(4, dtype=bool)
        assert np.isnan(trace.z[~below]).all()
        shown = 10 ** trace.z[below] if is_log else trace.z[below]
        np.testing.assert_allclose(shown, values[below], rtol=1e-6)
        assert (trace.zmin, trace.zmax) == (figure.data[0].zmin, figure.data[0].zmax)
        assert list(trace.x) == ["7: a", "8: &lt;", "9: b", "10: &gt;"]  # what is read
        assert list(trace.y) == ["8: &lt;", "9: b", "10: &gt;", "11: ↵"]  # what is predicted
    assert figure.layout.annotations[1].text == "&lt;i&gt;two"


def test_the_character_just_before_is_one_back() -> None:
    (line,) = lag_chart({"one": np.array([0.5, 0.25, 0.0, 0.1])}, "share").data
    assert list(line.x) == [1, 2, 4]  # a mean of 0 has no place on a logarithmic axis
    (points,) = measures_chart(MATRIX, MATRIX).data
    assert sorted(points.customdata) == [1, 1, 1, 1, 2, 2, 2, 3, 3, 4]
