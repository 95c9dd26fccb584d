"""How long the units of a layer hold what they know, from the longest to the shortest."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, lay_out

_SHORTEST, _LONGEST = 1e-2, 1e6  # of the axis


def order_of(scales: np.ndarray) -> np.ndarray:
    """(H,) which unit stands at each place of the figure."""
    return np.argsort(-scales, kind="stable")


def time_scales_chart(scales: np.ndarray, chosen: int, length: int) -> go.Figure:
    """One point a unit; the chosen one is marked.

    Args:
        scales: (H,) in characters.
        length: of the text they were measured on, drawn as a line.
    """
    order = order_of(scales)
    heights = np.clip(scales[order], _SHORTEST, _LONGEST)
    place = int(np.flatnonzero(order == chosen)[0])
    figure = go.Figure(
        go.Scatter(
            x=np.arange(1, len(order) + 1),
            y=heights,
            mode="markers",
            marker={"color": colors.NEUTRAL, "size": 7},
            text=[f"unit {unit}: {in_words(scales[unit])}" for unit in order],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[place + 1],
        y=heights[[place]],
        mode="markers+text",
        marker={"color": colors.SERIES[0], "size": 13},
        text=[f"unit {chosen}"],
        textposition="top right",
        hovertemplate=f"unit {chosen}: {in_words(scales[chosen])}<extra></extra>",
    )
    figure.add_scatter(
        x=[1, len(order)],
        y=[length, length],
        mode="lines+text",
        line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"},
        text=["", "length of this text"],
        textposition="top left",
        hoverinfo="skip",
    )
    return lay_out(
        figure,
        x=axis("units of the layer, longest memory first", showgrid=False),
        y=axis("time-scale τ, characters", type="log", dtick=1),
        left=64,
        showlegend=False,
    )


def in_words(scale: float) -> str:
    """A time-scale as '34 characters'; beyond a million and below a hundredth in words."""
    if math.isinf(scale) or scale >= _LONGEST:
        return "lets nothing go"
    if scale < _SHORTEST:
        return "erased at once"
    return f"{scale:.2g} characters" if scale < 10 else f"{scale:,.0f} characters"
