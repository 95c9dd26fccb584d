"""Scores of several methods side by side: a dot for the mean, a line for the spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import chart_layout


@dataclass(frozen=True)
class Score:
    """What one method reached."""

    title: str
    mean: float
    spread: float | None  # standard deviation over runs; None for a single one
    is_baseline: bool


def scores_chart(scores: Sequence[Score], axis: str) -> go.Figure:
    """One row a method, from top to bottom; baselines in the color of reference lines.

    Args:
        axis: name and unit of the score.
    """
    traces = [
        go.Scatter(
            x=[score.mean for score in chosen],
            y=[label(score.title) for score in chosen],
            error_x={"array": [score.spread or 0 for score in chosen], "thickness": 1.5},
            mode="markers",
            marker={"size": 10, "color": color},
            name=name,
            hovertemplate="%{y}: %{x:.4g}<extra></extra>",
        )
        for name, color, is_baseline in (
            ("networks", colors.TEST, False),
            ("baselines", colors.NEUTRAL, True),
        )
        if (chosen := [score for score in scores if score.is_baseline == is_baseline])
    ]
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis,
            y={
                "type": "category",
                "categoryorder": "array",
                "categoryarray": [label(score.title) for score in reversed(scores)],
                "ticks": "",
            },
            left=250,
            right=10,
            top=30,
        ),
    )
