"""A cell as a drawing: what flows in, through which gates, and out, with one step's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.diagram import arrow
from rnnlab.figures.gate_parts import PART_COLORS
from rnnlab.figures.labels import label
from rnnlab.inspection.one_step import Step

_WIDE, _HIGH = 0.46, 0.36  # half of a box
_COLUMNS = (1.2, 2.4, 3.6, 4.8)
_INPUT, _MEMORY, _GATES, _PRODUCTS, _STATE = 0.0, 0.9, 2.2, 3.4, 4.6  # heights
_LEFT, _RIGHT = 0.0, 5.7
_UP, _DOWN = colors.PALETTE[9], colors.PALETTE[0]  # red and blue, as in the diverging scale
_THICK = 7.0  # of the strongest arrow, in pixels
_SATURATED = 6.0  # what is added before a gate: beyond this, more changes nothing that is seen


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    name: str
    value: float
    limit: float  # the value at which its color is strongest
    note: str

    @property
    def written(self) -> str:
        return f"{self.value:.3f}".replace("-", "−")


@dataclass(frozen=True)
class _Flow:
    """A value on its way from one place to another."""

    start: tuple[float, float]
    end: tuple[float, float]
    value: float
    limit: float


def cell_flow(step: Step, sign: str) -> go.Figure:
    """Boxes with the numbers of one unit at one step; arrows by size and sign of what they carry.

    Args:
        sign: the character that is read, as it is shown; "" for a layer that reads another.
    """
    columns = _gate_columns(step)
    boxes, flows = _PLANS[step.cell](step, columns)
    top = max(box.y for box in boxes)
    return go.Figure(
        data=[_heatmap(boxes)],
        layout={
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"range": [-0.62, _RIGHT + 0.75], "visible": False, "fixedrange": True},
            "yaxis": {"range": [-0.45, top + 0.5], "visible": False, "fixedrange": True},
            "shapes": _lines(max(columns.values())),
            "annotations": [
                *(_arrow(flow) for flow in flows),
                *_rising(step, columns),
                *_beginnings(sign),
                *_ends(flows),
            ],
        },
    )


def _gate_columns(step: Step) -> dict[str, float]:
    """Where each gate stands; in a GRU z comes first, because it keeps as f does in an LSTM."""
    order = {"lstm": "figo", "gru": "zrn"}.get(step.cell, "h")
    return dict(zip(order, _COLUMNS, strict=False))


def _lstm(step: Step, columns: dict[str, float]) -> tuple[list[_Box], list[_Flow]]:
    now, old = step.now, step.before["c"]
    kept, written = now["f"] * old, now["i"] * now["g"]
    most = max(abs(old), abs(now["c"]), 1.0)
    f, i, g, o = (columns[name] for name in "figo")
    boxes = [
        _Box(_LEFT, _STATE, "c<sub>t−1</sub>", old, most, "the memory before this step"),
        _Box(f, _STATE, "f · c<sub>t−1</sub>", kept, most, "what is kept of the memory"),
        _Box(g, _STATE, "c<sub>t</sub>", now["c"], most, "the memory now: kept + written"),
        _Box(g, _PRODUCTS, "i · g", written, most, "what is written into the memory"),
        _Box(o, _PRODUCTS, "h<sub>t</sub>", now["h"], 1.0, "what is shown: o · tanh(c)"),
        _Box(f, _GATES, "f", now["f"], 1.0, "forget gate: 1 keeps, 0 erases"),
        _Box(i, _GATES, "i", now["i"], 1.0, "input gate: 1 writes all of g"),
        _Box(g, _GATES, "g", now["g"], 1.0, "candidate: what is offered"),
        _Box(o, _GATES, "o", now["o"], 1.0, "output gate: 1 shows all of it"),
    ]
    flows = [
        _Flow((_LEFT, _STATE), (f, _STATE), old, most),
        _Flow((f, _STATE), (g, _STATE), kept, most),
        _Flow((f, _GATES), (f, _STATE), now["f"], 1.0),
        _Flow((i, _GATES), (g, _PRODUCTS), now["i"], 1.0),
        _Flow((g, _GATES), (g, _PRODUCTS), now["g"], 1.0),
        _Flow((g, _PRODUCTS), (g, _STATE), written, most),
        _Flow((o, _GATES), (o, _PRODUCTS), now["o"], 1.0),
        _Flow((g, _STATE), (o, _PRODUCTS), float(np.tanh(now["c"])), 1.0),
        _Flow((g, _STATE), (_RIGHT, _STATE), now["c"], most),
        _Flow((o, _PRODUCTS), (_RIGHT, _PRODUCTS), now["h"], 1.0),
    ]
    return boxes, flows


def _gru(step: Step, columns: dict[str, float]) -> tuple[list[_Box], list[_Flow]]:
    now, old = step.now, step.before["h"]
    kept, written = now["z"] * old, (1 - now["z"]) * now["n"]
    z, r, n = (columns[name] for name in "zrn")
    boxes = [
        _Box(_LEFT, _STATE, "h<sub>t−1</sub>", old, 1.0, "the state before this step"),
        _Box(z, _STATE, "z · h<sub>t−1</sub>", kept, 1.0, "what is kept of the state"),
        _Box(n, _STATE, "h<sub>t</sub>", now["h"], 1.0, "the state now: kept + written"),
        _Box(n, _PRODUCTS, "(1−z) · n", written, 1.0, "what is written over it"),
        _Box(z, _GATES, "z", now["z"], 1.0, "update gate: 1 keeps, 0 overwrites"),
        _Box(r, _GATES, "r", now["r"], 1.0, "reset gate: what the memory may say to n"),
        _Box(n, _GATES, "n", now["n"], 1.0, "candidate: what is offered"),
    ]
    flows = [
        _Flow((_LEFT, _STATE), (z, _STATE), old, 1.0),
        _Flow((z, _STATE), (n, _STATE), kept, 1.0),
        _Flow((z, _GATES), (z, _STATE), now["z"], 1.0),
        _Flow((z, _GATES), (n, _PRODUCTS), 1 - now["z"], 1.0),
        _Flow((r, _GATES), (n, _GATES), now["r"], 1.0),
        _Flow((n, _GATES), (n, _PRODUCTS), now["n"], 1.0),
        _Flow((n, _PRODUCTS), (n, _STATE), written, 1.0),
        _Flow((n, _STATE), (_RIGHT, _STATE), now["h"], 1.0),
    ]
    return boxes, flows


def _simple(step: Step, columns: dict[str, float]) -> tuple[list[_Box], list[_Flow]]:
    total, h = step.gates[0].total, step.now["h"]
    limit, most = max(abs(total), 1.0), max(abs(h), 1.0)
    x, after = columns["h"], _COLUMNS[2]
    squash = "tanh" if step.cell == "rnn_tanh" else "max(0, ·)"
    boxes = [
        _Box(x, _GATES, "a + u", total, limit, "what input and memory say together"),
        _Box(after, _GATES, "h<sub>t</sub>", h, most, f"the new state: {squash} of the sum"),
    ]
    flows = [
        _Flow((x, _GATES), (after, _GATES), total, limit),
        _Flow((after, _GATES), (_RIGHT, _GATES), h, most),
    ]
    return boxes, flows


_PLANS = {"lstm": _lstm, "gru": _gru, "rnn_tanh": _simple, "rnn_relu": _simple}


def _heatmap(boxes: Sequence[_Box]) -> go.Heatmap:
    """The boxes as cells with nothing between them, so that the theme's scale colors them."""
    columns, rows = (sorted({place(box) for box in boxes}) for place in (_x, _y))
    shape = 2 * len(rows) - 1, 2 * len(columns) - 1
    z, text, notes = np.full(shape, np.nan), np.full(shape, "", object), np.full(shape, "", object)
    for box in boxes:
        cell = 2 * rows.index(box.y), 2 * columns.index(box.x)
        z[cell] = np.clip(box.value / box.limit, -1, 1)
        text[cell] = f"<b>{box.name}</b><br>{box.written}"
        notes[cell] = f"{box.name} = {box.written}<br>{box.note}"
    return go.Heatmap(
        x=_edges(columns, _WIDE),
        y=_edges(rows, _HIGH),
        z=z,
        zmin=-1.15,
        zmax=1.15,
        colorscale=colors.DIVERGING,
        meta={"scale": "diverging"},
        showscale=False,
        text=text,
        texttemplate="%{text}",
        textfont={"size": 14},
        customdata=notes,
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
    )


def _x(box: _Box) -> float:
    return box.x


def _y(box: _Box) -> float:
    return box.y


def _edges(middles: Sequence[float], half: float) -> np.ndarray:
    return (np.array(middles)[:, None] + np.array([-half, half])).ravel()


def _width(value: float, limit: float) -> float:
    return 0.8 + (_THICK - 0.8) * min(abs(value) / limit, 1.0)


def _arrow(flow: _Flow) -> dict[str, Any]:
    """From the border of one box to that of the next."""
    (x0, y0), (x1, y1) = flow.start, flow.end
    across, up = np.sign(x1 - x0), np.sign(y1 - y0)
    if up:  # slanted ones leave and arrive above and below, where they meet no other
        y0, y1 = y0 + up * _HIGH, y1 - up * _HIGH
        x0, x1 = x0 + across * 0.5 * _WIDE, x1 - across * 0.5 * _WIDE
    else:
        x0, x1 = x0 + across * _WIDE, x1 - across * _WIDE
    color = _UP if flow.value >= 0 else _DOWN
    width = _width(flow.value, flow.limit)
    return _slim(arrow(x0, y0, x1, y1, color=color, width=width))


def _slim(arrow: dict[str, Any]) -> dict[str, Any]:
    """The head grows with the width; that of a wide arrow would hide what it points at."""
    return arrow | {"arrowsize": max(0.5, min(1.1, 2.6 / arrow["arrowwidth"])), "standoff": 1}


def _lines(end: float) -> list[dict[str, Any]]:
    """The two lines along which input and memory reach all gates."""
    return [
        {
            "type": "line",
            "x0": _LEFT + _WIDE,
            "x1": end + offset,
            "y0": y,
            "y1": y,
            "line": {"color": PART_COLORS[part], "width": 3},
            "layer": "below",
        }
        for part, y, offset in (("input", _INPUT, -0.16), ("memory", _MEMORY, 0.16))
    ]


def _rising(step: Step, columns: dict[str, float]) -> list[dict[str, Any]]:
    """What the input and the memory say to each gate, a and u."""
    found = []
    for gate in step.gates:
        x = columns[gate.name]
        for part, value, y, side in (
            ("input", gate.a, _INPUT, -1),
            ("memory", gate.u, _MEMORY, 1),
        ):
            at, color = x + side * 0.16, PART_COLORS[part]
            width = _width(value, _SATURATED)
            found.append(_slim(arrow(at, y, at, _GATES - _HIGH, color=color, width=width)))
            found.append(
                {
                    "x": at + side * 0.06,
                    "y": 0.5 * (_MEMORY + _GATES - _HIGH),
                    "xanchor": "left" if side > 0 else "right",
                    "text": f"{value:.2f}".replace("-", "−"),
                    "showarrow": False,
                    "font": {"size": 12, "color": color},
                }
            )
    return found


def _beginnings(sign: str) -> list[dict[str, Any]]:
    read = f"reads <b>{label(sign)}</b>" if sign else "layer below"
    return [
        {
            "x": _LEFT,
            "y": y,
            "text": text,
            "showarrow": False,
            "font": {"size": 14, "color": PART_COLORS[part]},
        }
        for part, y, text in (
            ("input", _INPUT, read),
            ("memory", _MEMORY, "h<sub>t−1</sub>, all units"),
        )
    ]


def _ends(flows: Sequence[_Flow]) -> list[dict[str, Any]]:
    """Where what leaves the cell goes; only h leaves the layer."""
    leaving = [flow.end[1] for flow in flows if flow.end[0] == _RIGHT]
    words = {_PRODUCTS: "output and<br>next step", _STATE: "next step"}
    if len(leaving) == 1:
        words = {leaving[0]: "output and<br>next step"}
    return [
        {
            "x": _RIGHT - _WIDE + 0.06,
            "y": y,
            "xanchor": "left",
            "align": "left",
            "text": words[y],
            "showarrow": False,
            "font": {"size": 12},
        }
        for y in leaving
    ]
