"""Gradients against gradients: the relative error of each tensor, and all elements of one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, lay_out
from rnnlab.inspection.gradient_check import PASSES_BELOW, TensorCheck

SMALLEST = 1e-17  # drawn for 0, which has no logarithm
# Open marks of several sizes, so that equal errors do not hide each other.
_SYMBOLS, _SIZES = ("circle-open", "diamond-open", "x-thin"), (15, 9, 7)
_COLORS = (colors.SERIES[0], colors.SERIES[1], colors.SERIES[2])
# Pixels of a tensor, and of a legend of three lines, which stay when torch comes in later.
ROW, TOP = 30, 72


def error_dots(
    pairs: Mapping[str, Mapping[str, TensorCheck]], selected: str | None = None
) -> go.Figure:
    """A row for each tensor, a mark for each two gradients that are compared; a click tells `y`.

    Args:
        pairs: checks by tensor, by what is compared; at most three.
        selected: the tensor to mark.
    """
    figure = go.Figure()
    for index, (name, checks) in enumerate(pairs.items()):
        figure.add_scatter(
            x=[max(one.error, SMALLEST) for one in checks.values()],
            y=list(checks),
            name=name,
            mode="markers",
            marker={
                "size": _SIZES[index],
                "symbol": _SYMBOLS[index],
                "color": _COLORS[index],
                "line": {"width": 2, "color": _COLORS[index]},
            },
            hovertemplate=f"%{{y}}<br>{name}: %{{x:.1e}}<extra></extra>",
        )
    figure.add_vline(
        x=PASSES_BELOW,
        line={"color": colors.NEUTRAL, "width": 1.5, "dash": "dash"},
    )
    if selected is not None:
        figure.add_hline(y=selected, line={"color": colors.NEUTRAL, "width": 18}, opacity=0.18)
    return lay_out(
        figure,
        x=axis(
            "relative error of the tensor (logarithmic)",
            type="log",
            range=[-17.4, 0.4],
            dtick=4,
            tick0=-16,
            exponentformat="power",
        ),
        y={"type": "category", "autorange": "reversed", "ticks": ""},
        left=140,
        top=TOP,
    )


def agreement(check: TensorCheck, first: str, second: str) -> go.Figure:
    """One gradient against the other, a point for each element; equal ones lie on the line.

    Args:
        first, second: what the two gradients are.
    """
    a, b = check.analytic.ravel(), check.numeric.ravel()
    most = float(max(np.abs(a).max(), np.abs(b).max())) or 1.0
    ends = np.array([-1.1, 1.1]) * most
    figure = go.Figure()
    figure.add_scatter(
        x=ends,
        y=ends,
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=b,
        y=a,
        mode="markers",
        marker={"size": 7, "color": colors.SERIES[0], "opacity": 0.75},
        hovertemplate=f"{first} %{{y:.5g}}<br>{second} %{{x:.5g}}<extra></extra>",
        showlegend=False,
    )
    shared = {"range": list(ends), "zeroline": True, "exponentformat": "e"}
    return lay_out(
        figure,
        x=axis(f"{second},<br>nats per unit of weight", **shared),
        y=axis(first, **shared),
        left=70,
        right=10,
        bottom=60,
    )
