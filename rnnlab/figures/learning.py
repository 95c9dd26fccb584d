"""How runs learn: losses above, gradient norm below, earlier runs behind; or several runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.ladder import rung_lines, rung_names
from rnnlab.figures.layout import axis, chart_layout, label
from rnnlab.figures.series import (
    LOSS_UNITS,
    LossUnit,
    Unit,
    explodes,
    in_unit,
    measured,
    smoothed,
    thinned,
)

Across = Literal["steps", "epochs", "characters", "seconds"]

ACROSS: dict[Across, str] = {
    "steps": "updates",
    "epochs": "epochs (times through the training text)",
    "characters": "characters learned from",
    "seconds": "seconds of training",
}
MAX_LIVE_POINTS = 200  # of a curve: all curves of a live figure must stay far below 14 KB
POINTS_EARLIER = 30  # of each of up to 20 curves behind it
BEST_POSSIBLE = "best possible"
_RUNG_NAMES = 62  # pixels to the right of the curves


def across_name(across: Across) -> str:
    """What a horizontal axis counts, in one word: 'updates'."""
    return ACROSS[across].split(" ")[0]


@dataclass(frozen=True)
class View:
    """How somebody wants to see the curves."""

    across: Across = "steps"
    unit: Unit = "nats"
    logarithmic: bool = False  # losses only
    smoothing: float = 0.7  # of training losses
    foreseen: str = "next characters foreseen"  # of what an accuracy is the share


@dataclass(frozen=True)
class Curve:
    """The measurements of one run, as `Run.metrics()` gives them, and what they are called."""

    label: str
    metrics: dict[str, np.ndarray]
    characters_per_update: float

    def positions(self, across: Across) -> np.ndarray:
        """(N,) float64 where the measurements lie on the horizontal axis."""
        steps = self.metrics["step"].astype(np.float64)
        if across == "characters":
            return steps * self.characters_per_update
        return {"steps": steps, **self._others()}[across]

    def _others(self) -> dict[str, np.ndarray]:
        return {"epochs": self.metrics["epoch"], "seconds": self.metrics["seconds"]}

    def points(self, column: str, view: View) -> tuple[np.ndarray, np.ndarray]:
        """Finite points (x, y) of a column; losses in the unit of the view, accuracies in %."""
        y = self.metrics[column]
        if column.endswith("_accuracy"):
            y = 100 * y
        elif column.endswith("_loss") and view.unit != "accuracy":
            y = in_unit(y, view.unit)
        return measured(self.positions(view.across), y)

    @property
    def has_accuracy(self) -> bool:
        """Whether any accuracy is recorded; older runs have none."""
        names = ("val_accuracy", "test_accuracy")
        return any(bool(np.isfinite(self.metrics[name]).any()) for name in names)


def main_axis(view: View, **more: Any) -> dict[str, Any]:
    """The axis of losses, or of accuracies, with its name and unit; `more` as plotly names it."""
    if view.unit == "accuracy":
        return axis(f"accuracy, % of<br>{view.foreseen}", **more)
    return axis(f"loss, {LOSS_UNITS[view.unit]}", **more)


def learning_chart(
    curve: Curve,
    view: View,
    *,
    earlier: Sequence[Curve] = (),
    best_possible: float | None = None,
    ladder: Sequence[float] = (),
    zoom: str = "",
) -> go.Figure:
    """Losses and gradient norms of a run, in one figure with a shared horizontal axis.

    In accuracy: how much of the validation part it foresees, and what runs before it did. There is
    no accuracy of a loss that is best possible or of an n-gram model, so these are left out.

    Args:
        earlier: runs before it, the latest first; drawn faded, numbered by their labels.
        best_possible: the loss no model can beat, in nats per character, where it is known.
        ladder: losses of the n-gram models of orders 0, 1, … over the validation part.
        zoom: where somebody zoomed in is kept as long as this stays the same.
    """
    traces = [_earlier(other, view, age) for age, other in enumerate(earlier)][::-1]
    traces += [_labels(traces)] if traces else []
    layout = _layout(curve, view, zoom)
    if view.unit == "accuracy":
        traces += _accuracies(curve, view)
    else:
        traces += _losses(curve, view)
    if view.unit != "accuracy" and len(curve.metrics["step"]):
        ends = curve.positions(view.across)[[0, -1]]
        if ladder:
            traces.append(rung_lines(ladder, view.unit, ends))
            layout["margin"]["r"] = _RUNG_NAMES
            layout["annotations"] = _rung_names(curve, view, view.unit, ladder)
        if best_possible is not None:
            traces.append(_level(ends, float(in_unit(np.array([best_possible]), view.unit)[0])))
    traces.append(_gradient_norm(curve, view))
    return go.Figure(data=traces, layout=layout)


def _rung_names(
    curve: Curve, view: View, unit: LossUnit, ladder: Sequence[float]
) -> list[dict[str, Any]]:
    _, losses = curve.points("train_loss", replace(view, unit="nats"))
    lowest = float(losses.min()) if len(losses) else min(ladder)
    logarithmic = _scale(curve, "train_loss", view) == "log"
    return rung_names(ladder, unit, lowest, logarithmic=logarithmic)


def _losses(curve: Curve, view: View) -> list[go.Scatter]:
    x, y = curve.points("train_loss", view)
    smooth = smoothed(y, view.smoothing)
    raw_opacity = 0.3 if view.smoothing > 0 else 1.0
    traces = [
        _line(
            "training",
            *thinned(x, y, MAX_LIVE_POINTS),
            colors.TRAINING,
            width=1,
            opacity=raw_opacity,
        )
    ]
    if view.smoothing > 0:
        traces.append(
            _line("training, smoothed", *thinned(x, smooth, MAX_LIVE_POINTS), colors.TRAINING)
        )
    x, y = curve.points("val_loss", view)
    traces.append(
        _line("validation", *thinned(x, y, MAX_LIVE_POINTS), colors.VALIDATION, dots=True)
    )
    x, y = curve.points("test_loss", view)
    if len(x):
        traces.append(_marker("test", x[-1:], y[-1:]))
    return traces


def _accuracies(curve: Curve, view: View) -> list[go.Scatter]:
    x, y = thinned(*curve.points("val_accuracy", view), MAX_LIVE_POINTS)
    traces = [_line("validation", x, y, colors.VALIDATION, dots=True)]
    x, y = curve.points("test_accuracy", view)
    if len(x):
        traces.append(_marker("test", x[-1:], y[-1:]))
    for trace in traces:
        trace.update(hovertemplate="%{y:.1f} %")
    return traces


def _line(
    name: str,
    x: np.ndarray,
    y: np.ndarray,
    color: str,
    *,
    width: float = 2,
    opacity: float = 1.0,
    dots: bool = False,
) -> go.Scatter:
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=name,
        mode="lines+markers" if dots else "lines",
        line={"color": color, "width": width},
        marker={"size": 5},
        opacity=opacity,
        hovertemplate="%{y:.3f}",
    )


def _marker(name: str, x: np.ndarray, y: np.ndarray) -> go.Scatter:
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=name,
        mode="markers",
        marker={"color": colors.TEST, "size": 11, "symbol": "diamond"},
        hovertemplate="%{y:.3f}",
    )


def _level(ends: np.ndarray, height: float) -> go.Scatter:
    return go.Scatter(
        x=ends.astype(np.float32),
        y=np.full(2, height, np.float32),
        name=BEST_POSSIBLE,
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 1.5, "dash": "dash"},
        hovertemplate="%{y:.3f}",
    )


def _earlier(curve: Curve, view: View, age: int) -> go.Scatter:
    """A smoothed curve behind the others, paler with age."""
    if view.unit == "accuracy":
        x, y = thinned(*curve.points("val_accuracy", view), POINTS_EARLIER)
    else:
        x, y = curve.points("train_loss", view)
        x, y = thinned(x, smoothed(y, view.smoothing), POINTS_EARLIER)
    color, dash = colors.series_line(age)
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        name=curve.label,
        mode="lines",
        line={"color": color, "width": 1.5, "dash": dash},
        opacity=max(0.6 - 0.04 * age, 0.15),
        showlegend=False,
        hovertemplate="%{y:.3f}",
    )


def _labels(curves: Sequence[go.Scatter]) -> go.Scatter:
    """The names of curves at their right ends."""
    drawn = [curve for curve in curves if len(curve.x)]
    return go.Scatter(
        x=np.array([curve.x[-1] for curve in drawn]),
        y=np.array([curve.y[-1] for curve in drawn]),
        text=[curve.name for curve in drawn],
        mode="text",
        textposition="middle right",
        cliponaxis=False,
        showlegend=False,
        hoverinfo="skip",
    )


def _gradient_norm(curve: Curve, view: View) -> go.Scatter:
    x, y = thinned(*curve.points("grad_norm", view), MAX_LIVE_POINTS)
    trace = _line("gradient norm", x, y, colors.GRADIENT_NORM, width=1)
    trace.update(yaxis="y2", showlegend=False)  # its axis names it
    return trace


def _scale(curve: Curve, column: str, view: View) -> str:
    """The kind of an axis: logarithmic when asked for, and for what explodes."""
    _, y = curve.points(column, view)
    return "log" if view.logarithmic or explodes(y) else "linear"


def _layout(curve: Curve, view: View, zoom: str) -> dict[str, Any]:
    losses, norms = (_scale(curve, column, view) for column in ("train_loss", "grad_norm"))
    if view.unit == "accuracy":
        losses = "linear"
    return chart_layout(
        x=axis(
            ACROSS[view.across], anchor="y2", rangemode="tozero", uirevision=f"{zoom} {view.across}"
        ),
        y=main_axis(
            view,
            domain=[0.3, 1],
            rangemode="nonnegative",
            type=losses,
            uirevision=f"{zoom} {view.unit} {losses}",
        ),
        right=28,
        hovermode="x unified",
        yaxis2={
            "title": {"text": "gradient<br>norm"},
            "domain": [0, 0.2],
            "type": norms,
            "rangemode": "tozero",
            "uirevision": f"{zoom} {norms}",
        },
    )


MAX_OVERLAY_POINTS = 250  # of each curve
_MAX_LABEL_CHARACTERS = 44
_FAR = 30.0  # times the median loss: what lies beyond is left out of sight when a run explodes


def overlay_chart(curves: Sequence[Curve], view: View, *, training: bool = True) -> go.Figure:
    """Validation losses as lines with dots and, fainter, the smoothed training losses.

    In accuracy, which is not measured of training: how much of its validation part a run foresees.

    Args:
        curves: one color each, in their order; the labels may be any text.
        training: whether the training losses are drawn too.
    """
    traces: list[go.Scatter] = []
    for index, curve in enumerate(curves):
        if training and view.unit != "accuracy":
            traces.append(_training(curve, view, index))
        traces.append(_validation(curve, view, index))
    kind = "log" if view.logarithmic and view.unit != "accuracy" else "linear"
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis(ACROSS[view.across], rangemode="tozero", uirevision=view.across),
            y=main_axis(view, type=kind, uirevision=f"{view.unit} {kind}", **_range(traces, kind)),
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
    x, y = thinned(x, smoothed(y, view.smoothing), MAX_OVERLAY_POINTS)
    return _overlay_line(curve, f"{index}", x, y, index, what="training", width=1.2, opacity=0.55)


def _validation(curve: Curve, view: View, index: int) -> go.Scatter:
    column = "val_accuracy" if view.unit == "accuracy" else "val_loss"
    x, y = thinned(*curve.points(column, view), MAX_OVERLAY_POINTS)
    trace = _overlay_line(curve, f"{index}", x, y, index, what="validation", width=2.2, opacity=1.0)
    trace.update(mode="lines+markers", marker={"size": 5}, showlegend=True)
    if view.unit == "accuracy":
        right = "validation: %{y:.1f} % at %{x:,.6~g}<extra></extra>"
        trace.update(hovertemplate=f"{trace.name}<br>{right}")
    return trace


def _overlay_line(
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
    return name if len(name) <= _MAX_LABEL_CHARACTERS else f"{name[: _MAX_LABEL_CHARACTERS - 1]}…"
