"""One unit on the same text at several moments of training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.figures.scales import Scale
from rnnlab.text.visible import visible


def unit_history(
    values: np.ndarray,
    steps: Sequence[int],
    text: str,
    *,
    name: str,
    scale: Scale,
    start: int = 0,
) -> go.Figure:
    """One row a moment, the earliest at the top; the `y` of a click is its step as text.

    Args:
        values: (moments, T).
        steps: of each moment, the number of updates.
        text: the T characters.
        name: of the value, such as "h"; scale: of its colors.
        start: position of the first character in a longer text.
    """
    cells = go.Heatmap(
        z=scale.packed(values),
        x0=start,
        dx=1,
        y=[str(step) for step in steps],
        name=name,
        zmin=scale.low,
        zmax=scale.high,
        colorscale=colors.DIVERGING if scale.kind == "diverging" else colors.SEQUENTIAL,
        colorbar={"title": {"text": name}, "thickness": 12, "outlinewidth": 0},
        hovertemplate=f"after update %{{y}}<br>position %{{x}}: %{{text}}<br>{name} = %{{z:.2f}}"
        "<extra></extra>",
        meta={
            "scale": scale.kind,
            "step": scale.step,
            "characters": [label(sign) for sign in visible(text)],
        },
    )
    return go.Figure(
        data=[cells],
        layout=chart_layout(
            x=axis(
                "position in the text (characters)",
                showgrid=False,
                zeroline=False,
                uirevision=f"{start} {len(text)}",
            ),
            y=axis("updates", type="category", autorange="reversed", showgrid=False, ticks=""),
            left=64,
            right=10,
        ),
    )
