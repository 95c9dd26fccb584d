"""Selected units around a marked span, as a heatmap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.heatmap import units_heatmap
from rnnlab.figures.scales import Scale

AROUND = 50  # characters drawn before and after the span


def span_map(
    values: np.ndarray,
    text: str,
    *,
    names: Sequence[str],
    name: str,
    scale: Scale,
    span: tuple[int, int],
    start: int = 0,
) -> go.Figure:
    """One row a selected unit, one column a character near the span, and a frame around the span.

    Args:
        values: (T, units).
        text: the T characters.
        names: of the units, one a column.
        name: of the value, such as "h"; scale: its colors.
        span: from its first character to one past its last, in `text`.
        start: position of the first character in a longer text.
    """
    first, end = max(span[0] - AROUND, 0), min(span[1] + AROUND, len(text))
    figure = units_heatmap(
        values[first:end], text[first:end], name=name, scale=scale, start=start + first
    )
    figure.data[0].y = list(names)
    figure.data[
        0
    ].hovertemplate = (
        f"unit %{{y}}<br>position %{{x}}: %{{text}}<br>{name} = %{{z:.2f}}<extra></extra>"
    )
    figure.add_shape(
        type="rect",
        x0=start + span[0] - 0.5,
        x1=start + span[1] - 0.5,
        y0=-0.5,
        y1=len(names) - 0.5,
        line={"color": colors.TEXT, "width": 2},
    )
    return figure
