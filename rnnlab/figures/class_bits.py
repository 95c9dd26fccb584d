"""What two networks pay for the characters of each class, and where their difference comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.inspection.comparing import ClassBits

_MARGIN = {"l": 60, "r": 20, "t": 8, "b": 60}


def class_bars(classes: Sequence[ClassBits], names: tuple[str, str]) -> go.Figure:
    """Mean bits per character by class, two bars each."""
    counts = np.array([each.count for each in classes])
    sums = ([each.first for each in classes], [each.second for each in classes])
    figure = go.Figure()
    for place, (name, total) in enumerate(zip(names, sums, strict=True)):
        figure.add_bar(
            x=[each.name for each in classes],
            y=(np.array(total) / counts).astype(np.float32),
            name=name,
            marker={"color": colors.series_line(place)[0]},
            hovertemplate=f"%{{x}}: %{{y:.2f}} bits<extra>{name}</extra>",
        )
    figure.update_layout(
        margin=_MARGIN,
        barmode="group",
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0},
        xaxis={"title": {"text": "class of the character that came"}},
        yaxis={"title": {"text": "bits per character"}, "rangemode": "tozero"},
    )
    return figure


def difference_bars(classes: Sequence[ClassBits]) -> go.Figure:
    """How much each class adds to the mean difference; the bars add up to all of it."""
    count = sum(each.count for each in classes)
    parts = np.array([each.difference for each in classes]) / count
    limit = float(np.abs(parts).max(initial=0.0)) or 1.0
    figure = go.Figure(
        go.Bar(
            x=[each.name for each in classes],
            y=parts.astype(np.float32),
            text=[f"{part:+.3f}".replace("-", "−") for part in parts],
            textposition="outside",
            cliponaxis=False,
            marker={"color": colors.NEUTRAL},
            hovertemplate="%{x}: %{y:+.4f} bits<extra></extra>",
        )
    )
    figure.update_layout(
        margin=_MARGIN,
        showlegend=False,
        xaxis={"title": {"text": "class of the character that came"}},
        yaxis={
            "title": {"text": "share of the difference, bits per character"},
            "range": [
                min(1.25 * parts.min(), -0.15 * limit),
                max(1.25 * parts.max(), 0.15 * limit),
            ],
            "zeroline": True,
        },
    )
    return figure
