"""The parts of a network one above the other, with the shape of what flows between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.diagram import arrow
from rnnlab.figures.labels import label
from rnnlab.inspection.shapes import Shape, Stage

ROW_HEIGHT = 84  # pixels for each part
_BOX = (0.28, 0.72)  # left and right end of the boxes
_HALF = 0.27  # half the height of a box, in rows


def stages_figure(stages: Sequence[Stage], ids: Shape) -> go.Figure:
    """Read from bottom to top, as the numbers flow.

    Args:
        ids: the shape of the characters that come in, (B, T).
    """
    rows = len(stages)
    return go.Figure(
        data=[_boxes(stages)],
        layout={
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "xaxis": {"range": [0, 1], "visible": False, "fixedrange": True},
            "yaxis": {"range": [-0.75, rows - 0.35], "visible": False, "fixedrange": True},
            "shapes": [_box(row) for row in range(rows)],
            "annotations": [
                *_arrow(-1, f"x  {_shape(ids)}"),
                *(
                    part
                    for row, stage in enumerate(stages)
                    for part in (*_texts(row, stage), *_flow(row, stage, rows, ids))
                ),
            ],
        },
    )


def _boxes(stages: Sequence[Stage]) -> go.Scatter:
    """Invisible points that tell the weights of each part on hover."""
    return go.Scatter(
        x=[sum(_BOX) / 2] * len(stages),
        y=list(range(len(stages))),
        mode="markers",
        marker={"size": 40, "opacity": 0},
        text=[_weights(stage) for stage in stages],
        hovertemplate="%{text}<extra></extra>",
    )


def _weights(stage: Stage) -> str:
    lines = [f"{label(name)} {_shape(shape)}" for name, shape in stage.weights.items()]
    return "<br>".join(lines) or "no parameters"


def _box(row: int) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": _BOX[0],
        "x1": _BOX[1],
        "y0": row - _HALF,
        "y1": row + _HALF,
        "fillcolor": colors.SURFACE,
        "line": {"color": colors.BORDER, "width": 1},
        "layer": "below",
    }


def _texts(row: int, stage: Stage) -> list[dict[str, Any]]:
    """What a part is, and how many parameters it has."""
    count = f"{stage.parameters:,} parameters" if stage.weights else "no parameters"
    inside = f"<b>{label(stage.title)}</b><br>{label(stage.does)}"
    return [
        _text(sum(_BOX) / 2, row, inside, "center"),
        _text(_BOX[1] + 0.02, row, count, "left"),
    ]


def _flow(row: int, stage: Stage, rows: int, ids: Shape) -> list[dict[str, Any]]:
    """The arrow to the part above, and those of the initial state and of y from the left."""
    what = f"{stage.out}  {_shape(stage.shape)}" if stage.shape else f"{stage.out}, one number"
    arrows = _arrow(row, what) if row < rows - 1 else [_text(0.51, row + 0.42, what, "left")]
    if row == rows - 1:
        arrows.append(_text(0.26, row, f"y, x shifted by one  {_shape(ids)} →", "right"))
    if stage.state is not None:
        zeros = f"{stage.out} before, at first zeros  {_shape(stage.state)} →"
        arrows.append(_text(0.26, row, zeros, "right"))
    return arrows


def _arrow(row: int, what: str) -> list[dict[str, Any]]:
    """From the part in this row to the one above it."""
    middle = sum(_BOX) / 2
    return [
        arrow(middle, row + _HALF, middle, row + 1 - _HALF),
        _text(middle + 0.01, row + 0.5, what, "left"),
    ]


def _text(x: float, y: float, text: str, anchor: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": text,
        "showarrow": False,
        "xanchor": anchor,
        "align": anchor,
        "font": {"size": 13},
    }


def _shape(shape: Shape) -> str:
    return "(" + ", ".join(f"{size:,}" for size in shape) + ")"
