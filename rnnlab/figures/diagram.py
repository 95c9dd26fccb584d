"""What drawings of networks are made of: arrows, boxes and what is written in them."""

from __future__ import annotations

from typing import Any

from rnnlab.figures import colors


def arrow(
    x0: float, y0: float, x1: float, y1: float, *, color: str = colors.NEUTRAL, width: float = 1.5
) -> dict[str, Any]:
    """A straight arrow in the coordinates of the figure, as an annotation."""
    return {
        "x": x1,
        "y": y1,
        "ax": x0,
        "ay": y0,
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowsize": 1.1,
        "arrowwidth": width,
        "arrowcolor": color,
        "standoff": 3,
        "startstandoff": 3,
    }


def box(
    x: float, y0: float, y1: float, half_width: float, *, color: str = colors.BORDER
) -> dict[str, Any]:
    """A rectangle around x, as a shape below everything else."""
    return {
        "type": "rect",
        "x0": x - half_width,
        "x1": x + half_width,
        "y0": y0,
        "y1": y1,
        "fillcolor": colors.SURFACE,
        "line": {"color": color, "width": 1},
        "layer": "below",
    }
