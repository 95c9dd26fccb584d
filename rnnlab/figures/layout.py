"""How a chart lies in its frame: margins, axis names, legend; and labels shown letter by letter.

Plotly would read marks such as `<b>` in a text as formatting.
"""

from __future__ import annotations

import html
from typing import Any

import plotly.graph_objects as go

LEGEND = {"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0}


def axis(title: str, **more: Any) -> dict[str, Any]:
    """An axis with its name and unit; `more` as plotly names it."""
    return {"title": {"text": title}, **more}


def chart_layout(
    x: str | dict[str, Any],
    y: str | dict[str, Any],
    *,
    left: int = 60,
    right: int = 16,
    top: int = 8,
    bottom: int = 44,
    **more: Any,
) -> dict[str, Any]:
    """The layout of a chart with two axes, its legend above it from the left.

    Args:
        x, y: the name of an axis with its unit, or all of it, see `axis`.
        left, right, top, bottom: margins in pixels.
        more: as plotly names it; it takes the place of what is here.
    """
    return {
        "margin": {"l": left, "r": right, "t": top, "b": bottom},
        "legend": LEGEND,
        "xaxis": axis(x) if isinstance(x, str) else x,
        "yaxis": axis(y) if isinstance(y, str) else y,
        **more,
    }


def lay_out(figure: go.Figure, **layout: Any) -> go.Figure:
    """The same figure, laid out as `chart_layout` says."""
    return figure.update_layout(chart_layout(**layout))


def label(text: str) -> str:
    """The text as plotly shows it letter for letter.

    A percent sign before a brace, which begins plotly's templates, is parted from it.
    """
    return html.escape(text, quote=False).replace("%{", "%\u200b{")
