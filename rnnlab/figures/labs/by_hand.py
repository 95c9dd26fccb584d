"""The losses of several runs as min-char-rnn shows them, in one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout, label
from rnnlab.figures.series import thinned

MAX_POINTS = 150  # of each curve


@dataclass(frozen=True, eq=False)
class SmoothedCurve:
    """One run of an experiment."""

    group: str  # the experiment: one color, one name
    steps: np.ndarray  # (N,) updates
    losses: np.ndarray  # (N,) nats per character, smoothed


def smoothed_chart(curves: Sequence[SmoothedCurve], levels: Mapping[str, float]) -> go.Figure:
    """One color an experiment, one line a run; dashed levels to compare with.

    Args:
        levels: losses that need no learning, by name.
    """
    groups = list(dict.fromkeys(curve.group for curve in curves))
    named: set[str] = set()
    traces = []
    for curve in curves:
        traces.append(_line(curve, groups.index(curve.group), curve.group not in named))
        named.add(curve.group)
    longest = max((curve.steps[-1] for curve in curves if len(curve.steps)), default=1)
    traces += [_level(name, loss, float(longest)) for name, loss in levels.items()]
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis("updates", rangemode="tozero"), y="smoothed loss, nats per character"
        ),
    )


def _line(curve: SmoothedCurve, place: int, first: bool) -> go.Scatter:
    x, y = thinned(curve.steps, curve.losses, MAX_POINTS)
    color, dash = colors.series_line(place)
    name = label(curve.group)
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=name,
        legendgroup=name,
        showlegend=first,
        mode="lines",
        line={"color": color, "width": 2, "dash": dash},
        hovertemplate=f"{name}<br>%{{y:.3f}} after %{{x:,.0f}} updates<extra></extra>",
    )


def _level(name: str, loss: float, right: float) -> go.Scatter:
    return go.Scatter(
        x=np.array([0, right], np.float32),
        y=np.full(2, loss, np.float32),
        name=label(name),
        mode="lines+text",
        text=["", label(name)],
        textposition="top left",
        showlegend=False,
        line={"color": colors.NEUTRAL, "width": 1.5, "dash": "dash"},
        hovertemplate="%{y:.3f}<extra></extra>",
    )
