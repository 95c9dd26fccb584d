"""Selected units around a span: what is drawn, and where the frame is."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.find_unit import AROUND, span_map
from rnnlab.figures.scales import TANH


@pytest.mark.parametrize("span", [(0, 1), (100, 103), (299, 300)])
def test_the_frame_lies_around_the_span_in_positions_of_the_whole_text(
    span: tuple[int, int],
) -> None:
    values = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    figure = span_map(
        values, "ab\n" * 100, names=["1·7", "2·3"], name="h", scale=TANH, span=span, start=5_000
    )
    (cells,), (frame,) = figure.data, figure.layout.shapes
    assert list(cells.y) == ["1·7", "2·3"]
    assert cells.x0 == 5_000 + max(span[0] - AROUND, 0)
    assert cells.z.shape == (2, min(span[1] + AROUND, 300) - max(span[0] - AROUND, 0))
    assert (frame.x0, frame.x1) == (5_000 + span[0] - 0.5, 5_000 + span[1] - 0.5)
