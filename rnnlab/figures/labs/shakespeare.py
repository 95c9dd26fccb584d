"""A text learned by heart, gradients that fade or grow, and problem types unrolled in time.

A problem type is what is read when, and what is asked when; it is drawn from a run's settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.diagram import arrow, box
from rnnlab.figures.layout import axis, chart_layout, label
from rnnlab.figures.series import measured, thinned
from rnnlab.inspection.gradients.backward import GradientFlow
from rnnlab.network.cells import CELLS
from rnnlab.text.visible import visible
from rnnlab.training.config import RunConfig

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


_MIN_ON_AXIS = 1e-18  # of the axis: what is smaller helps nobody to learn


def gradient_flow_chart(flows: Mapping[str, GradientFlow]) -> go.Figure:
    """Gradient norms against the lag, one line a network, each relative to its own lag 0."""
    traces = [_trace(name, flow, k) for k, (name, flow) in enumerate(flows.items())]
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis("steps back from the loss", rangemode="tozero"),
            y=axis(
                "gradient by the hidden state,<br>relative to the last step",
                type="log",
                exponentformat="power",
            ),
            left=70,
            right=28,
            hovermode="x unified",
        ),
    )


def _trace(name: str, flow: GradientFlow, index: int) -> go.Scatter:
    relative = flow.norms / flow.norms[0]
    shown = np.isfinite(relative) & (relative > _MIN_ON_AXIS)
    color, dash = colors.series_line(index)
    return go.Scatter(
        x=np.flatnonzero(shown).astype(np.float32),
        y=relative[shown],
        name=name,
        mode="lines",
        line={"color": color, "width": 2, "dash": dash},
        hovertemplate="%{y:.2e}",
    )


END = "↵"
_MAX_WINDOW = 6  # symbols of a window that a drawing shows


@dataclass(frozen=True)
class Form:
    """A short example of a run's problem, step by step; "" where nothing is read or asked."""

    name: str  # "many to one"
    reads: tuple[str, ...]
    answers: tuple[str, ...]
    unit: str  # what stands in the boxes of its layers: "GRU"
    layers: int
    carries: bool  # whether a state goes from step to step
    bidirectional: bool = False  # whether another one goes from the end to the beginning
    encoder_steps: int = 0  # steps of a network of its own, which hands over its last state
    feeds_back: bool = False  # whether it may read its own answers while it learns


def form_of(config: RunConfig) -> Form:
    """The form of a run, drawn from its settings."""
    if config.model == "window":
        return _window(config)
    common = (CELLS[config.cell].title, config.num_layers, True, config.bidirectional)
    if config.task == "reversal":
        reads, answers = (*"abc→cba",), ("", "", "", *"cba", END)
        feeds_back = config.teacher_forcing < 1
        return Form("many to many, encoder and decoder", reads, answers, *common, 3, feeds_back)
    if config.task == "language":
        name = "many to one, read both ways" if config.bidirectional else "many to one"
        return Form(name, (*"Rossi",), ("", "", "", "", "Italian"), *common)
    if config.task == "surname":
        return Form("one to many", ("Italian", *"Ross"), (*"Rossi",), *common)
    depth = ", deep" if config.num_layers > 1 else ""
    return Form(f"many to many, in step{depth}", (*"hell",), (*"ello",), *common)


def _window(config: RunConfig) -> Form:
    """A network without a state: each answer knows a few characters and nothing before them."""
    if config.task == "language":
        return Form("a window to one", ("Rossi",), ("Italian",), "layer", config.num_layers, False)
    if config.window == 1:
        return Form("one to one", (*"hell",), (*"ello",), "layer", config.num_layers, False)
    text = "hello there"[: min(config.window, _MAX_WINDOW)]
    pieces = tuple(text[: k + 1] for k in range(len(text)))
    answers = tuple("hello there"[k + 1] for k in range(len(text)))
    return Form("a window to one", pieces, answers, "layer", config.num_layers, False)


_HALF = 0.36  # of the width of a box, in steps
_TALL, _GAP = 1.0, 0.9  # of a box, and between two rows
_SIDE = 0.14  # how far beside the middle of a box an arrow ends that comes from the left
_APART, _NARROW = 0.19, 0.17  # where the boxes of both ways stand, and half of their width

Ends = tuple[float, float, float, float]


def unrolled_form(form: Form) -> go.Figure:
    """What is read at the bottom, the layers above it, what is answered at the top."""
    rows = form.layers * (2 if form.bidirectional else 1)
    shapes = [_input(t) for t, text in enumerate(form.reads) if text]
    shapes += [_hidden(form, t, row) for t in range(len(form.reads)) for row in range(rows)]
    shapes += [_output(t, rows) for t, text in enumerate(form.answers) if text]
    return go.Figure(
        data=[go.Scatter(x=[None], y=[None], showlegend=False, hoverinfo="skip")],
        layout={
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": _hidden_axis(-0.6, len(form.reads) - 0.4),
            "yaxis": {**_hidden_axis(-0.2, _bottom(rows + 1) + _TALL + 0.2), **_names(form, rows)},
            "shapes": shapes,
            "annotations": [*_texts(form, rows), *_arrows(form, rows)],
        },
    )


def _bottom(row: int) -> float:
    """Where a row begins; 0 is what is read."""
    return row * (_TALL + _GAP)


def _input(t: int) -> dict[str, Any]:
    return box(t, 0, _TALL, _HALF, color=colors.NEUTRAL)


def _hidden(form: Form, t: int, row: int) -> dict[str, Any]:
    color = colors.SERIES[2] if t < form.encoder_steps else colors.TRAINING
    half = _NARROW if form.bidirectional else _HALF
    bottom = _bottom(row + 1)
    return box(t + _beside(form, row), bottom, bottom + _TALL, half, color=color)


def _beside(form: Form, row: int) -> float:
    """Where the boxes of a row stand: forwards to the left, backwards to the right, so that what
    is read reaches both without passing through one of them."""
    if not form.bidirectional:
        return 0.0
    return _APART if _is_backwards(form, row) else -_APART


def _is_backwards(form: Form, row: int) -> bool:
    return form.bidirectional and row % 2 == 1


def _output(t: int, rows: int) -> dict[str, Any]:
    return box(t, _bottom(rows + 1), _bottom(rows + 1) + _TALL, _HALF, color=colors.TEST)


def _hidden_axis(low: float, high: float) -> dict[str, Any]:
    return {
        "range": [low, high],
        "showgrid": False,
        "showline": False,
        "zeroline": False,
        "showticklabels": False,
        "ticks": "",
        "fixedrange": True,
    }


def _names(form: Form, rows: int) -> dict[str, Any]:
    """What each row is called, at the left."""
    layers = [f"layer {k + 1}" for k in range(form.layers)] if form.layers > 1 else ["network"]
    ways = ("forwards", "backwards") if form.bidirectional else ("",)
    middle = [f"{layer}<br>{way}".removesuffix("<br>") for layer in layers for way in ways]
    return {
        "tickvals": [_bottom(row) + _TALL / 2 for row in range(rows + 2)],
        "ticktext": ["<b>reads</b>", *middle, "<b>answers</b>"],
        "showticklabels": True,
    }


def _texts(form: Form, rows: int) -> list[dict[str, Any]]:
    found = [_text(t, 0, _shown(text), 16) for t, text in enumerate(form.reads) if text]
    found += [_text(t, rows + 1, _shown(text), 16) for t, text in enumerate(form.answers) if text]
    for t in range(len(form.reads)):
        unit = "encoder" if t < form.encoder_steps else "decoder"
        name = unit if form.encoder_steps else form.unit
        found += [_text(t + _beside(form, row), row + 1, name, 11) for row in range(rows)]
    return found


def _shown(text: str) -> str:
    return f"<b>{label(visible(text))}</b>"


def _text(t: float, row: int, text: str, size: int) -> dict[str, Any]:
    return {
        "x": t,
        "y": _bottom(row) + _TALL / 2,
        "text": text,
        "showarrow": False,
        "font": {"size": size},
    }


def _arrows(form: Form, rows: int) -> list[dict[str, Any]]:
    """Up through the layers, on through time, and what is fed back."""
    drawn = [arrow(*ends) for ends in _upwards(form, rows)]
    if form.carries:
        drawn += [arrow(*ends, color=_carrier(form, ends)) for ends in _through_time(form, rows)]
    if form.feeds_back:
        drawn += [arrow(*ends, color=colors.TEST, width=1) for ends in _fed_back(form, rows)]
    return drawn


def _upwards(form: Form, rows: int) -> list[Ends]:
    return _both_upwards(form, rows) if form.bidirectional else _straight_upwards(form, rows)


def _straight_upwards(form: Form, rows: int) -> list[Ends]:
    found: list[Ends] = []
    for t, read in enumerate(form.reads):
        tops = rows if form.answers[t] else rows - 1
        found += [(t, _TALL, t, _bottom(1))] if read else []
        found += [(t, _bottom(row) + _TALL, t, _bottom(row + 1)) for row in range(1, tops + 1)]
    return found


def _both_upwards(form: Form, rows: int) -> list[Ends]:
    """Each step to both ways; the answer comes from where each of them has read everything."""
    found: list[Ends] = []
    for row in range(rows):
        x, below = _beside(form, row), row - 2  # the same way in the layer below, or what is read
        start = _TALL if below < 0 else _bottom(below + 1) + _TALL
        found += [(t + x, start, t + x, _bottom(row + 1)) for t in range(len(form.reads))]
    last, top = len(form.reads) - 1, _bottom(rows + 1)
    forwards, backwards = _bottom(rows - 1) + _TALL, _bottom(rows) + _TALL
    found.append((last - _APART, forwards, last - _APART, top))
    found.append((_APART, backwards, last - _HALF, top + _SIDE))
    return found


def _through_time(form: Form, rows: int) -> list[Ends]:
    found: list[Ends] = []
    half = _NARROW if form.bidirectional else _HALF
    for row in range(rows):
        x, y = _beside(form, row), _bottom(row + 1) + _TALL / 2
        for t in range(len(form.reads) - 1):
            left, right = t + x + half, t + 1 + x - half
            backwards = _is_backwards(form, row)
            found.append((right, y, left, y) if backwards else (left, y, right, y))
    return found


def _carrier(form: Form, ends: Ends) -> str:
    """The state that the encoder hands over has a colour of its own."""
    hands_over = form.encoder_steps and abs(ends[0] - _HALF - (form.encoder_steps - 1)) < 1e-9
    return colors.SERIES[0] if hands_over else colors.TRAINING


def _fed_back(form: Form, rows: int) -> list[Ends]:
    top = _bottom(rows + 1) + _TALL / 2
    return [
        (t + _HALF, top, t + 1 - _SIDE, _TALL)
        for t in range(len(form.reads) - 1)
        if form.answers[t] and form.reads[t + 1]
    ]
