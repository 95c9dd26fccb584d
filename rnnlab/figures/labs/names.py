"""Names told apart: confusion, probabilities letter by letter, letters that decide, and scores.

The scores of several methods stand side by side: a dot for the mean, a line for the spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout, label

_SEQUENTIAL = {"colorscale": colors.SEQUENTIAL, "meta": {"scale": "sequential"}}
_SHARES = {"zmin": 0.0, "zmax": 1.0, **_SEQUENTIAL}


def confusion_heatmap(confusion: np.ndarray, labels: Sequence[str]) -> go.Figure:
    """Rows are what names are, columns what they are taken for, cells the share of the row.

    Args:
        confusion: (labels, labels) counts.
    """
    totals = confusion.sum(axis=1, keepdims=True)
    shares = np.divide(confusion, totals, out=np.zeros(confusion.shape), where=totals > 0)
    words = [label(one) for one in labels]
    cells = go.Heatmap(
        z=shares,
        x=words,
        y=words,
        customdata=confusion,
        colorbar=_bar("share of the row", percent=True),
        hovertemplate="%{y} taken for %{x}: %{z:.1%} (%{customdata} names)<extra></extra>",
        **_SHARES,
    )
    return go.Figure(data=[cells], layout=_layout("taken for", "language", left=90, bottom=100))


def belief_heatmap(probabilities: np.ndarray, letters: str, labels: Sequence[str]) -> go.Figure:
    """One column a letter: what is believed of the name that ends there.

    Args:
        probabilities: (T, labels) probabilities.
        letters: the T letters.
        labels: from top to bottom.
    """
    cells = go.Heatmap(
        z=probabilities.T,
        x=np.arange(len(letters)),
        y=[label(one) for one in labels],
        text=[[label(letters[: t + 1]) for t in range(len(letters))]] * len(labels),
        colorbar=_bar("probability", percent=True),
        hovertemplate="“%{text}”: %{y} %{z:.1%}<extra></extra>",
        **_SHARES,
    )
    layout = _layout("the name up to this letter", "language", left=90, bottom=44)
    return _lettered(go.Figure(data=[cells], layout=layout), letters)


def exchange_heatmap(
    kept: np.ndarray, guesses: np.ndarray, letters: str, others: str, labels: Sequence[str]
) -> go.Figure:
    """One column a letter of the name, one row a letter put there instead.

    Args:
        kept: (others, T) probability that is left for what the name is taken for.
        guesses: (others, T) the label that it is taken for then.
        letters, others: of the name; put there.
    """
    named = np.array([label(one) for one in labels])[guesses]
    cells = go.Heatmap(
        z=kept,
        x=np.arange(len(letters)),
        y=[label(one) for one in others],
        text=named,
        colorbar=_bar("probability left", percent=True),
        hovertemplate="%{y} here: %{text}, %{z:.1%} left<extra></extra>",
        **_SHARES,
    )
    layout = _layout("letter of the name", "letter put there", left=60, bottom=44)
    return _lettered(go.Figure(data=[cells], layout=layout), letters)


def thousands_chart(steps: np.ndarray, training: np.ndarray, validation: np.ndarray) -> go.Figure:
    """Losses per name: means over a thousand names each, and after them of names held out.

    Args:
        steps, training, validation: (N,) each; NaN where a thing was not measured.
    """
    traces = [
        go.Scatter(
            x=steps[known],
            y=losses[known],
            mode="lines",
            line={"color": color, "width": 2},
            name=name,
            hovertemplate=f"{name}: %{{y:.3f}} after %{{x:,}} names<extra></extra>",
        )
        for name, losses, color in (
            ("mean of the last 1,000", training, colors.TRAINING),
            ("validation", validation, colors.VALIDATION),
        )
        if (known := np.isfinite(losses)).any()
    ]
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x="names learned from, one at a time",
            y=axis("loss (nats per name)", rangemode="tozero"),
            left=56,
            right=10,
            top=30,
        ),
    )


def _bar(title: str, *, percent: bool) -> dict[str, Any]:
    bar: dict[str, Any] = {"title": {"text": title}, "thickness": 12, "outlinewidth": 0}
    return bar | ({"tickformat": ".0%"} if percent else {})


def _layout(x: str, y: str, left: int, bottom: int) -> dict[str, Any]:
    plain = {"showgrid": False, "zeroline": False, "ticks": ""}
    return chart_layout(
        x=axis(x, **plain),
        y=axis(y, **plain, type="category", autorange="reversed"),
        left=left,
        right=10,
        bottom=bottom,
    )


def _lettered(figure: go.Figure, letters: str) -> go.Figure:
    """With the letters on the horizontal axis, which may occur twice."""
    figure.update_xaxes(
        tickvals=np.arange(len(letters)),
        ticktext=[label(letter) for letter in letters],
        tickangle=0,
        uirevision=letters,
    )
    return figure


@dataclass(frozen=True)
class ScoreMark:
    """What one method reached."""

    title: str
    mean: float
    spread: float | None  # standard deviation over runs; None for a single one
    is_baseline: bool


def scores_chart(scores: Sequence[ScoreMark], axis: str) -> go.Figure:
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
