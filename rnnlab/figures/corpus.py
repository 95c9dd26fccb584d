"""A corpus cut into its parts, drawn to scale, and the way from a character to a vector.

From a character the way leads by its index and its one-hot vector.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import label

_PARTS = (
    ("training", colors.TRAINING),
    ("validation", colors.VALIDATION),
    ("test", colors.TEST),
)
_NARROW = 0.08  # share below which a label does not fit into its piece


def split_bar(sizes: tuple[int, int, int], what: str) -> go.Figure:
    """One bar whose pieces are as long as the parts are large.

    Args:
        sizes: of the training, validation and test part; a part of 0 is left out.
        what: the unit of the sizes, such as "characters".
    """
    total = max(1, sum(sizes))
    traces = [
        go.Bar(
            x=[size],
            y=[""],
            orientation="h",
            name=f"{name}: {size:,} {what} ({size / total:.1%})",
            marker={"color": color, "line": {"width": 0}},
            text=f"{name}<br>{size / total:.1%}" if size / total >= _NARROW else "",
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"color": colors.BACKGROUND, "size": 14},
            hovertemplate=f"{name}: {size:,} {what} ({size / total:.1%})<extra></extra>",
        )
        for (name, color), size in zip(_PARTS, sizes, strict=True)
        if size
    ]
    return go.Figure(
        data=traces,
        layout={
            "barmode": "stack",
            "bargap": 0.1,
            "margin": {"l": 10, "r": 10, "t": 8, "b": 44},
            "legend": {
                "orientation": "h",
                "y": 1.04,
                "yanchor": "bottom",
                "x": 0,
                "traceorder": "normal",
            },
            "xaxis": {
                "title": {"text": f"{what} from the beginning"},
                "range": [0, total],
                "uirevision": f"{total}",
                "tickformat": ",d",
            },
            "yaxis": {"visible": False, "fixedrange": True},
        },
    )


ROW_HEIGHT = 38  # pixels
_CELLS_DRAWN = 130  # above so many, cells are too narrow to have borders
_STEP = 0.01  # to which values are rounded


def character_path(
    characters: Sequence[str],
    ids: np.ndarray,
    symbols: Sequence[str],
    vectors: np.ndarray,
    vector_name: str,
) -> go.Figure:
    """One row a character, read from left to right.

    Args:
        characters: N visible signs; ids: (N,) their indices.
        symbols: V visible signs, the vocabulary.
        vectors: (N, D) what the recurrent layer is given for each of them.
        vector_name: title of the right panel.
    """
    rows = np.arange(len(characters))
    return go.Figure(
        data=[
            _signs(characters, ids, rows),
            _zeros(len(rows), len(symbols)),
            _ones(characters, ids, rows),
            _vectors(vectors),
        ],
        layout={
            "margin": {"l": 8, "r": 8, "t": 34, "b": 50},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {"domain": [0, 0.13], "range": [-0.4, 1.8], **_BARE},
            "xaxis2": {
                "domain": [0.16, 0.62],
                "range": [-1, len(symbols)],
                "title": {"text": "index"},
                "zeroline": False,
                "showgrid": False,
                "uirevision": f"{len(symbols)}",
            },
            "xaxis3": {
                "domain": [0.66, 1],
                "title": {"text": "component"},
                "zeroline": False,
                "showgrid": False,
                "uirevision": f"{vectors.shape[1]}",
            },
            "yaxis": {
                "range": [len(rows) - 0.5, -0.5],
                **_BARE,
            },
            "annotations": [
                _title("character → index", 0.0),
                _title(f"one-hot vector, {len(symbols)} numbers", 0.16),
                _title(vector_name, 0.66),
            ],
        },
    )


_BARE = {"visible": False, "fixedrange": True}


def _signs(characters: Sequence[str], ids: np.ndarray, rows: np.ndarray) -> go.Scatter:
    signs = [label(character) for character in characters]
    return go.Scatter(
        x=np.tile([0.0, 1.0], len(rows)),
        y=np.repeat(rows, 2),
        text=[text for pair in zip(signs, (f"→ {i}" for i in ids), strict=True) for text in pair],
        mode="text",
        textfont={"size": 18, "family": "monospace"},
        hoverinfo="skip",
    )


def _zeros(rows: int, size: int) -> go.Heatmap:
    """The background of the one-hot vectors, cell by cell where there is room."""
    gap = 1 if size <= _CELLS_DRAWN else 0
    return go.Heatmap(
        z=np.zeros((rows, size), np.uint8),
        colorscale=[[0, colors.SURFACE], [1, colors.SURFACE]],
        showscale=False,
        xgap=gap,
        ygap=8,
        xaxis="x2",
        hovertemplate="0 at index %{x}<extra></extra>",
    )


def _ones(characters: Sequence[str], ids: np.ndarray, rows: np.ndarray) -> go.Scatter:
    return go.Scatter(
        x=ids.astype(np.int32),
        y=rows,
        mode="markers",
        marker={"symbol": "square", "size": 11, "color": colors.TRAINING},
        xaxis="x2",
        text=[label(character) for character in characters],
        hovertemplate="1 at index %{x}, for %{text}<extra></extra>",
    )


def _vectors(vectors: np.ndarray) -> go.Heatmap:
    limit = max(float(np.abs(vectors).max(initial=0.0)), _STEP)
    return go.Heatmap(
        z=np.round(vectors / _STEP).astype(np.float32) * np.float32(_STEP),
        colorscale=colors.DIVERGING,
        zmin=-limit,
        zmax=limit,
        meta={"scale": "diverging"},
        ygap=8,
        xgap=1 if vectors.shape[1] <= _CELLS_DRAWN else 0,
        xaxis="x3",
        colorbar={"title": {"text": "value"}, "thickness": 10, "len": 1.0, "outlinewidth": 0},
        hovertemplate="component %{x}: %{z:.2f}<extra></extra>",
    )


def _title(text: str, x: float) -> dict:
    return {
        "text": text,
        "x": x,
        "xanchor": "left",
        "xref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "yref": "paper",
        "showarrow": False,
        "font": {"size": 13},
    }
