"""How often the units of each layer sit at either end of a gate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.figures import colors
from rnnlab.inspection.comparing import Saturation

_PANELS = 3  # side by side
_SYMBOLS = ("circle", "diamond", "square", "triangle-up")
# What a gate does where it is nearly 0, and where it is nearly 1.
_ENDS = {
    "i": ("input gate i", "blocks (i < 0.1)", "writes (i > 0.9)"),
    "f": ("forget gate f", "erases (f < 0.1)", "keeps (f > 0.9)"),
    "o": ("output gate o", "hides (o < 0.1)", "shows (o > 0.9)"),
    "r": ("reset gate r", "ignores memory (r < 0.1)", "uses memory (r > 0.9)"),
    "z": ("update gate z", "overwrites (z < 0.1)", "keeps (z > 0.9)"),
    "h": ("hidden state h", "h < −0.9", "h > 0.9"),
}


def saturation_map(found: Sequence[Saturation]) -> go.Figure:
    """One panel a gate, one point a unit: right is the share of steps near 1, up that near 0.

    Source: Karpathy, Johnson, Fei-Fei 2015, arXiv:1506.02078.
    """
    names = list(dict.fromkeys(each.name for each in found))
    layers = {each.layer for each in found}
    figure = make_subplots(
        rows=1,
        cols=max(len(names), _PANELS),  # as wide in one network as in another
        specs=[[{}] * len(names) + [None] * (_PANELS - len(names))],
        horizontal_spacing=0.1,
        subplot_titles=[_ENDS[name][0] for name in names],
    )
    for column, name in enumerate(names, start=1):
        _panel(figure, column, name)
    for each in found:
        column = names.index(each.name) + 1
        figure.add_trace(_points(each, is_named=column == 1), row=1, col=column)
    figure.update_layout(
        margin={"l": 62, "r": 12, "t": 52 if len(layers) > 1 else 30, "b": 62},
        hovermode="closest",
        showlegend=len(layers) > 1,
        legend={"orientation": "h", "y": 1.14, "yanchor": "bottom", "x": 0},
    )
    return figure


def _panel(figure: go.Figure, column: int, name: str) -> None:
    """The line that no unit can lie beyond, and what the axes mean."""
    border = go.Scatter(
        x=np.array([0, 1], np.float32),
        y=np.array([1, 0], np.float32),
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_trace(border, row=1, col=column)
    _, left, right = _ENDS[name]
    shared = {"range": [-0.04, 1.04], "tickvals": [0, 0.5, 1], "title": {"standoff": 6}}
    figure.update_xaxes(**shared, title_text=f"share of steps:<br>{right}", row=1, col=column)
    figure.update_yaxes(**shared, title_text=f"share of steps: {left}", row=1, col=column)


def _points(each: Saturation, *, is_named: bool) -> go.Scatter:
    place = each.layer % len(colors.LAYERS)
    return go.Scatter(
        x=each.right.astype(np.float32),
        y=each.left.astype(np.float32),
        text=[str(unit) for unit in range(len(each.left))],
        name=f"layer {each.layer + 1}",
        legendgroup=f"{each.layer}",
        showlegend=is_named,
        mode="markers",
        marker={
            "color": colors.LAYERS[place],
            "symbol": _SYMBOLS[place],
            "size": 7,
            "opacity": 0.65,
        },
        hovertemplate=f"layer {each.layer + 1}, unit %{{text}}<br>{_ENDS[each.name][2]}: "
        f"%{{x:.0%}}<br>{_ENDS[each.name][1]}: %{{y:.0%}}<extra></extra>",
    )
