"""One exchanged character: how far the states move, and what is expected next."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, lay_out
from rnnlab.network.choosing import likeliest
from rnnlab.text.visible import visible

_MOST = 12  # characters whose probabilities are drawn


def distance_chart(distances: np.ndarray, text: str, *, start: int, place: int) -> go.Figure:
    """‖h′ − h‖ of every layer over the text.

    Args:
        distances: (L, T); place: of the edit, counted from the beginning of `text`.
    """
    figure = go.Figure()
    signs = [label(sign) for sign in visible(text)]
    for layer, line in enumerate(distances):
        color, dash = colors.layer_line(layer)
        figure.add_scatter(
            x=np.arange(start, start + len(text), dtype=np.int32),
            y=line.astype(np.float32),
            text=signs,
            name=f"layer {layer + 1}",
            mode="lines",
            line={"color": color, "dash": dash, "width": 2},
            hovertemplate="%{y:.3f} after %{text}",
        )
    figure.add_vline(x=start + place, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x="position in the text (characters)",
        y=axis("length of h′ − h", rangemode="tozero"),
        hovermode="x unified",
        showlegend=True,
    )


def expected_chart(before: np.ndarray, after: np.ndarray, symbols: tuple[str, ...]) -> go.Figure:
    """What is expected to follow the exchanged character, and what was expected without.

    Args:
        before, after: (V,) probabilities.
    """
    order = likeliest(np.maximum(before, after), _MOST)
    names = [label(visible(symbols[k])) for k in order]
    sides = (
        ("as it was", before, colors.NEUTRAL),
        ("after the exchange", after, colors.CHANGED),
    )
    figure = go.Figure(
        [
            go.Bar(
                x=names,
                y=(100 * values[order]).astype(np.float32),
                name=name,
                marker={"color": color, "opacity": 0.85},
                hovertemplate=f"%{{x}} {name}: %{{y:.1f}} %<extra></extra>",
            )
            for name, values, color in sides
        ]
    )
    return lay_out(
        figure,
        x=axis("next character", type="category", tickangle=0),
        y=axis("probability, %", rangemode="tozero"),
        left=56,
        right=10,
    )
