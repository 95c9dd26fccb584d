"""Single units over a text, as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.scales import Scale
from rnnlab.text.visible import visible

MARGIN = {"l": 60, "r": 16, "t": 8, "b": 44}


def unit_lines(
    values: Mapping[int, np.ndarray], text: str, *, name: str, scale: Scale, start: int = 0
) -> go.Figure:
    """The values of chosen units at every character, the first of them strongest.

    Args:
        values: (T,) by unit.
        text: the T characters.
        name: of the value, such as "h"; scale: of the vertical axis.
        start: position of the first character in a longer text.
    """
    signs = [label(sign) for sign in visible(text)]
    positions = np.arange(start, start + len(text), dtype=np.int32)
    traces = [
        _line(f"unit {unit}", positions, line, signs if place == 0 else None, place)
        for place, (unit, line) in enumerate(values.items())
    ]
    return go.Figure(
        data=traces[::-1],  # the first on top
        layout={
            "margin": MARGIN,
            "hovermode": "x unified",
            "legend": {
                "orientation": "h",
                "y": 1.01,
                "yanchor": "bottom",
                "traceorder": "reversed",
            },
            "showlegend": True,
            "xaxis": {
                "title": {"text": "position in the text (characters)"},
                "uirevision": f"{start} {len(text)}",
            },
            "yaxis": {
                "title": {"text": name},
                "range": _padded(scale),
                "uirevision": f"{name} {scale.words}",
            },
        },
    )


def _line(
    name: str, positions: np.ndarray, line: np.ndarray, signs: Sequence[str] | None, place: int
) -> go.Scatter:
    color, dash = colors.series_line(place)
    return go.Scatter(
        x=positions,
        y=line.astype(np.float32),
        text=signs,
        name=name,
        mode="lines",
        line={"color": color, "dash": dash, "width": 1.3 if signs is None else 2},
        hovertemplate="%{y:.2f}" if signs is None else "%{y:.2f} at %{text}",
    )


def _padded(scale: Scale) -> list[float]:
    margin = 0.04 * (scale.high - scale.low)
    return [scale.low - margin, scale.high + margin]
