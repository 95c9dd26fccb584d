"""Numbers of runs over their random seeds and epochs, beside those that were published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout


@dataclass(frozen=True)
class SeedRow:
    """A line of the figure."""

    title: str
    values: tuple[float, ...]  # one for each run
    runs: tuple[str, ...]  # their ids
    published: float | None


def seed_chart(rows: Sequence[SeedRow], axis: str) -> go.Figure:
    """Each run a dot, each published value a diamond, one line for each row from top to bottom.

    Args:
        axis: what is measured, with its unit.
    """
    dots = go.Scatter(
        x=[value for row in rows for value in row.values],
        y=[row.title for row in rows for _ in row.values],
        customdata=[run for row in rows for run in row.runs],
        mode="markers",
        name="ours, one for each seed",
        marker={"color": colors.TRAINING, "size": 9, "opacity": 0.6},
        hovertemplate="%{x:.4f}<br>run %{customdata}<extra></extra>",
    )
    known = [row for row in rows if row.published is not None]
    diamonds = go.Scatter(
        x=[row.published for row in known],
        y=[row.title for row in known],
        mode="markers",
        name="published",
        marker={"color": colors.PUBLISHED, "size": 13, "symbol": "diamond"},
        hovertemplate="published: %{x:.4f}<extra></extra>",
    )
    return go.Figure(
        data=[dots, diamonds],
        layout=chart_layout(
            x=axis,
            y={
                "categoryorder": "array",
                "categoryarray": [row.title for row in reversed(rows)],
                "range": [-0.6, len(rows) - 0.4],
                "automargin": True,
            },
            left=8,
        ),
    )


def epoch_chart(
    curves: Mapping[str, Sequence[float] | np.ndarray], printed: Sequence[float], every: int
) -> go.Figure:
    """Training losses epoch by epoch, beside printed ones.

    Args:
        curves: losses after epochs 1, 2, … by what they are called; at most two.
        printed: losses after epochs `every`, 2 · `every` …
    """
    styles = ((colors.TRAINING, "dot"), (colors.TRAINING, "solid"))
    lines = [
        go.Scatter(
            x=list(range(1, len(losses) + 1)),
            y=list(losses),
            mode="lines",
            name=title,
            line={"color": color, "dash": dash, "width": 2.2},
            hovertemplate="epoch %{x}: %{y:.4f}<extra></extra>",
        )
        for (title, losses), (color, dash) in zip(curves.items(), styles, strict=False)
    ]
    diamonds = go.Scatter(
        x=[every * (k + 1) for k in range(len(printed))],
        y=list(printed),
        mode="markers",
        name="printed by the source",
        marker={"color": colors.PUBLISHED, "size": 11, "symbol": "diamond"},
        hovertemplate="epoch %{x}: %{y:.4f}<extra></extra>",
    )
    return go.Figure(
        data=[*lines, diamonds],
        layout=chart_layout(
            x=axis("epoch", rangemode="tozero"), y="training loss, nats per character"
        ),
    )
