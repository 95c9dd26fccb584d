"""What two networks pay for the characters of each class, and where their difference comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.inspection.comparing import ClassBits

_MARGIN = {"l": 60, "r": 20, "t": 8, "b": 64}
_AXIS = {
    "title": {"text": "class of the character that came", "standoff": 6},
    "tickangle": 0,
    "tickfont": {"size": 11},
}


def _labels(classes: Sequence[ClassBits]) -> list[str]:
    """The names in lines short enough to stand side by side."""
    return ["<br>".join(textwrap.wrap(each.name, 12)) for each in classes]


def class_bars(classes: Sequence[ClassBits], names: tuple[str, str]) -> go.Figure:
    """Mean bits per character by class, two bars each."""
    counts = np.array([each.count for each in classes])
    sums = ([each.first for each in classes], [each.second for each in classes])
    figure = go.Figure()
    for place, (name, total) in enumerate(zip(names, sums, strict=True)):
        figure.add_bar(
            x=_labels(classes),
            customdata=[each.name for each in classes],
            y=(np.array(total) / counts).astype(np.float32),
            name=name,
            marker={"color": colors.series_line(place)[0]},
            hovertemplate=f"%{{customdata}}: %{{y:.2f}} bits<extra>{name}</extra>",
        )
    figure.update_layout(
        margin=_MARGIN,
        barmode="group",
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0},
        xaxis=_AXIS,
        yaxis={"title": {"text": "bits per character"}, "rangemode": "tozero"},
    )
    return figure


def difference_bars(classes: Sequence[ClassBits]) -> go.Figure:
    """How much each class adds to the mean difference; the bars add up to all of it."""
    count = sum(each.count for each in classes)
    parts = np.array([each.difference for each in classes]) / count
    room = 0.15 * (float(np.abs(parts).max(initial=0.0)) or 1.0)  # for the numbers
    figure = go.Figure(
        go.Bar(
            x=_labels(classes),
            customdata=[each.name for each in classes],
            y=parts.astype(np.float32),
            text=[f"{part:+.3f}".replace("-", "−") for part in parts],
            textposition="outside",
            cliponaxis=False,
            marker={"color": colors.NEUTRAL},
            hovertemplate="%{customdata}: %{y:+.4f} bits<extra></extra>",
        )
    )
    figure.update_layout(
        margin=_MARGIN,
        showlegend=False,
        xaxis=_AXIS,
        yaxis={
            "title": {"text": "A saves, bits per character"},
            "range": [min(parts.min(), 0) - room, max(parts.max(), 0) + room],
            "zeroline": True,
        },
    )
    return figure
