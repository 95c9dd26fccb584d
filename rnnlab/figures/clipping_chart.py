"""A gradient before and after clipping, tensor by tensor, and its direction for every limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, lay_out
from rnnlab.inspection.clipping import Clipped

BEFORE, BY_NORM, BY_VALUE = colors.NEUTRAL, colors.GRADIENT_NORM, colors.PALETTE[5]
NAMES = {"norm": "clipped by norm", "value": "clipped by value"}
_COLORS = {"norm": BY_NORM, "value": BY_VALUE}
ROW_HEIGHT = 52  # pixels for each tensor


def clipping_bars(before: Mapping[str, float], after: Mapping[str, Clipped]) -> go.Figure:
    """Norms per tensor: before, and after each kind of clipping.

    Args:
        before: norm of each tensor's gradient; after: by kind, "norm" and "value".
    """
    names = list(before)
    figure = go.Figure(_bars(names, list(before.values()), "before", BEFORE))
    for kind, found in after.items():
        norms = [found.norms[name] for name in names]
        figure.add_trace(_bars(names, norms, NAMES[kind], _COLORS[kind]))
    return lay_out(
        figure,
        x=axis("norm of the gradient by this tensor", rangemode="tozero"),
        y={"autorange": "reversed", "showgrid": False},
        left=130,
        barmode="group",
        hovermode="y unified",
    )


def _bars(names: Sequence[str], norms: Sequence[float], name: str, color: str) -> go.Bar:
    return go.Bar(
        y=list(names),
        x=np.array(norms),
        name=name,
        orientation="h",
        marker={"color": color},
        hovertemplate="%{x:.3g}",
    )


def direction_chart(
    limits: Sequence[float], by_kind: Mapping[str, Sequence[Clipped]], limit: float
) -> go.Figure:
    """Cosine against the limit θ for both kinds, and what share of elements a value limit touches.

    Args:
        limits: θ, ascending; by_kind: what each of them leaves; limit: the one that is chosen.
    """
    figure = go.Figure()
    for kind, found in by_kind.items():
        cosines = [each.cosine for each in found]
        figure.add_trace(_line(limits, cosines, f"cosine, {NAMES[kind]}", _COLORS[kind]))
    touched = [each.touched for each in by_kind["value"]]
    figure.add_trace(_line(limits, touched, "share of elements touched by value", BY_VALUE, "dot"))
    figure.add_vline(x=limit, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x=axis("limit θ", type="log", dtick=1, exponentformat="power"),
        y=axis("cosine, or share of elements", range=[-0.03, 1.05]),
        hovermode="x unified",
    )


def _line(
    x: Sequence[float], y: Sequence[float], name: str, color: str, dash: str = "solid"
) -> go.Scatter:
    return go.Scatter(
        x=np.array(x),
        y=np.array(y),
        name=name,
        mode="lines+markers",
        line={"color": color, "width": 2, "dash": dash},
        marker={"size": 5},
        hovertemplate="%{y:.3f}",
    )
