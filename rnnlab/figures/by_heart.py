"""A network that learns by heart: its loss, the rolling average, and what was published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.figures.series import measured, thinned

_POINTS = 400


def rolling_mean(y: np.ndarray, width: int) -> np.ndarray:
    """(N,) each value's mean with up to width − 1 before it."""
    sums = np.cumsum(np.concatenate([[0.0], y]))
    ends = np.arange(1, len(y) + 1)
    starts = np.maximum(ends - width, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def by_heart_chart(
    metrics: dict[str, np.ndarray],
    others: Sequence[np.ndarray],
    published: tuple[float, float] | None,
) -> go.Figure:
    """Training loss of one run with its rolling average, beside the epoch means of other seeds.

    Args:
        metrics: as `Run.metrics` gives them.
        others: of each other run, the mean loss of every epoch.
        published: the mean loss of the first and the last epoch of 50.
    """
    x, y = measured(metrics["epoch"], metrics["train_loss"])
    width = max(1, round(len(x) / max(x[-1], 1))) if len(x) else 1  # measurements in an epoch
    traces = [_line("other seeds", losses, k == 0) for k, losses in enumerate(others)]
    traces += [
        _curve("this run", *thinned(x, y, _POINTS), 1, 0.35),
        _curve("rolling average", *thinned(x, rolling_mean(y, width), _POINTS), 2.5, 1.0),
    ]
    if published:
        traces.append(_published(published))
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x="epochs (times through the training text)",
            y=axis("training loss, nats per character", rangemode="tozero"),
            right=28,
            hovermode="x unified",
        ),
    )


def _curve(name: str, x: np.ndarray, y: np.ndarray, width: float, opacity: float) -> go.Scatter:
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=name,
        mode="lines",
        line={"color": colors.TRAINING, "width": width},
        opacity=opacity,
        hovertemplate="%{y:.3f}",
    )


def _line(name: str, losses: np.ndarray, is_first: bool) -> go.Scatter:
    """The epochs of a run, each drawn at its middle."""
    return go.Scatter(
        x=(np.arange(len(losses)) + 0.5).astype(np.float32),
        y=losses.astype(np.float32),
        name=name,
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 1},
        opacity=0.6,
        legendgroup="others",
        showlegend=is_first,
        hoverinfo="skip",
    )


def _published(values: tuple[float, float]) -> go.Scatter:
    return go.Scatter(
        x=[0.5, 49.5],
        y=list(values),
        name="published",
        mode="markers",
        marker={"color": colors.PUBLISHED, "size": 11, "symbol": "diamond"},
        hovertemplate="%{y:.4f}",
    )
