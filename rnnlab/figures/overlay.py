"""The losses of several runs in one figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.figures.learning import ACROSS, Curve, View
from rnnlab.figures.series import LOSS_UNITS, explodes, smoothed, thinned

POINTS = 250  # of each curve
_LONGEST_LABEL = 44
_FAR = 30.0  # times the median loss: what lies beyond is left out of sight when a run explodes


def overlay_chart(curves: Sequence[Curve], view: View, *, training: bool = True) -> go.Figure:
    """Validation losses as lines with dots and, fainter, the smoothed training losses.

    Args:
        curves: one color each, in their order; the labels may be any text.
        training: whether the training losses are drawn too.
    """
    traces: list[go.Scatter] = []
    for index, curve in enumerate(curves):
        if training:
            traces.append(_training(curve, view, index))
        traces.append(_validation(curve, view, index))
    kind = "log" if view.logarithmic else "linear"
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis(ACROSS[view.across], rangemode="tozero", uirevision=view.across),
            y={
                "title": {"text": f"loss, {LOSS_UNITS[view.unit]}"},
                "type": kind,
                "uirevision": f"{view.unit} {kind}",
                **_range(traces, kind),
            },
        ),
    )


def _range(traces: Sequence[go.Scatter], kind: str) -> dict[str, list[float]]:
    """What the loss axis shows, where one run that explodes would flatten all the others."""
    y = np.concatenate([np.asarray(trace.y, np.float64) for trace in traces] or [np.empty(0)])
    if not explodes(y):
        return {}
    usual = y[y <= _FAR * np.median(y)]
    ends = np.array([usual.min(), usual.max()])
    ends = np.log10(ends) if kind == "log" else ends
    margin = 0.05 * max(float(np.ptp(ends)), 0.1)
    return {"range": [float(ends[0]) - margin, float(ends[1]) + margin]}


def _training(curve: Curve, view: View, index: int) -> go.Scatter:
    x, y = curve.points("train_loss", view)
    x, y = thinned(x, smoothed(y, view.smoothing), POINTS)
    return _line(curve, f"{index}", x, y, index, what="training", width=1.2, opacity=0.55)


def _validation(curve: Curve, view: View, index: int) -> go.Scatter:
    x, y = thinned(*curve.points("val_loss", view), POINTS)
    trace = _line(curve, f"{index}", x, y, index, what="validation", width=2.2, opacity=1.0)
    trace.update(mode="lines+markers", marker={"size": 5}, showlegend=True)
    return trace


def _line(
    curve: Curve,
    group: str,
    x: np.ndarray,
    y: np.ndarray,
    index: int,
    *,
    what: str,
    width: float,
    opacity: float,
) -> go.Scatter:
    color, dash = colors.series_line(index)
    name = label(_short(curve.label))
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=name,
        legendgroup=group,  # a click on the name hides both curves
        showlegend=False,
        mode="lines",
        line={"color": color, "width": width, "dash": dash},
        opacity=opacity,
        hovertemplate=f"{name}<br>{what}: %{{y:.3f}} at %{{x:,.6~g}}<extra></extra>",
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1]}…"
