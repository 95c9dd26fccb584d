"""One unit over a text, with the places of a feature behind it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.scales import Scale
from rnnlab.figures.unit_lines import unit_lines


def unit_and_feature(
    unit: int, values: np.ndarray, marks: np.ndarray, text: str, *, name: str, feature: str,
    scale: Scale, start: int = 0,
) -> go.Figure:  # fmt: skip
    """A line of the unit, and the feature as bands, or as a line on an axis of its own.

    Args:
        values: (T,) of the unit; marks: (T,) bool or numbers.
        name: of the value, such as "h"; feature: its name.
        start: position of the first character in a longer text.
    """
    figure = unit_lines({unit: values}, text, name=name, scale=scale, start=start)
    positions = np.arange(start, start + len(text), dtype=np.int32)
    band = marks.dtype == bool
    figure.add_scatter(
        x=positions,
        y=marks.astype(np.float32),
        yaxis="y2",
        name=feature,
        mode="lines",
        line={
            "color": colors.NEUTRAL,
            "width": 0 if band else 1.5,
            "shape": "hvh" if band else "linear",
        },
        fill="tozeroy" if band else None,
        opacity=0.5 if band else 0.8,
        hoverinfo="skip" if band else None,
        hovertemplate=None if band else "%{y:.0f}",
    )
    top = 1.0 if band else max(float(marks.max(initial=0.0)), 1.0)
    figure.update_layout(
        yaxis={"side": "left"},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, top * 1.04],
            "showgrid": False,
            "visible": not band,
            "tickmode": "auto",
            "nticks": 6,
            "title": {"text": "" if band else feature},
        },
        margin={"l": 60, "r": 16 if band else 60, "t": 8, "b": 44},
    )
    return figure
