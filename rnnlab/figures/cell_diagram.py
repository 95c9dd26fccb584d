"""A cell as a drawing: what flows in, through which gates, and out, with one step's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.diagram import arrow
from rnnlab.figures.layout import label
from rnnlab.figures.one_step import PART_COLORS
from rnnlab.inspection.one_step import CellStep
from rnnlab.network.cells import CELLS, Cell

COLUMNS = (1.2, 2.4, 3.6, 4.8)
INPUT, MEMORY, GATES, PRODUCTS, STATE = 0.0, 0.9, 2.2, 3.4, 4.6  # heights
LEFT, RIGHT = 0.0, 5.7


@dataclass(frozen=True)
class Box:
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
class CellFlow:
    """A value on its way from one place to another."""

    start: tuple[float, float]
    end: tuple[float, float]
    value: float
    limit: float


@dataclass(frozen=True)
class Plan:
    """Everything that is drawn of a cell above the lines of input and memory."""

    columns: dict[str, float]  # where each gate stands
    boxes: list[Box]
    flows: list[CellFlow]


def plan(step: CellStep) -> Plan:
    """The boxes and arrows of one unit at one step.

    Raises:
        ValueError: a cell with gates carries no state, so it is not known what they do to it.
    """
    cell = CELLS[step.cell]
    if not cell.gates:
        return _simple(step, cell)
    if cell.carried is None:
        raise ValueError(
            f"There is no drawing of a {cell.title}: it has gates, but no state that they keep and "
            "write."
        )
    return _carrying(step, cell, cell.carried)


def _carrying(step: CellStep, cell: type[Cell], state: str) -> Plan:
    """What is kept of a state, what is written into it, and what is shown of it.

    The gate that keeps comes first. What is written stands in the candidate's column. A gate that
    neither keeps nor writes nor shows acts on the candidate.
    """
    now, old = step.now, step.before[state]
    values = {name: np.asarray(value) for name, value in now.items()}
    kept, written = float(cell.keep(values)) * old, float(cell.write(values))
    most = max(abs(old), abs(now[state]), 1.0)
    keeper, candidate, shower = cell.carry_gate, cell.candidate(), cell.output_gate
    gates = [keeper, *(name for name in cell.gates if name != keeper)]
    columns = dict(zip(gates, COLUMNS, strict=False))
    word = "memory" if cell.has_memory() else "state"
    into = "into the memory" if cell.has_memory() else "over it"
    k, n = columns[keeper], columns[candidate]
    short, carried = cell.written.replace(" − ", "−"), f"{state}<sub>t−1</sub>"
    boxes = [
        Box(LEFT, STATE, carried, old, most, f"the {word} before this step"),
        Box(k, STATE, f"{keeper} · {carried}", kept, most, f"what is kept of the {word}"),
        Box(n, STATE, f"{state}<sub>t</sub>", now[state], most, f"the {word} now: kept + written"),
        Box(n, PRODUCTS, short, written, most, f"what is written {into}"),
    ]
    flows = [
        CellFlow((LEFT, STATE), (k, STATE), old, most),
        CellFlow((k, STATE), (n, STATE), kept, most),
        CellFlow((k, GATES), (k, STATE), now[keeper], 1.0),
    ]
    for gate in dict.fromkeys((cell.write_gate, *gates)):
        x = columns[gate]
        if gate == cell.write_gate:
            flows.append(CellFlow((x, GATES), (n, PRODUCTS), float(cell.admitted(values)), 1.0))
        elif gate not in (keeper, candidate, shower):
            flows.append(CellFlow((x, GATES), (n, GATES), now[gate], 1.0))
    flows += [
        CellFlow((n, GATES), (n, PRODUCTS), now[candidate], 1.0),
        CellFlow((n, PRODUCTS), (n, STATE), written, most),
    ]
    if cell.has_memory():
        o, shown = columns[shower], f"what is shown: {shower} · tanh({state})"
        boxes.append(Box(o, PRODUCTS, "h<sub>t</sub>", now["h"], 1.0, shown))
        flows += [
            CellFlow((o, GATES), (o, PRODUCTS), now[shower], 1.0),
            CellFlow((n, STATE), (o, PRODUCTS), float(np.tanh(now[state])), 1.0),
        ]
    flows.append(CellFlow((n, STATE), (RIGHT, STATE), now[state], most))
    if cell.has_memory():
        flows.append(CellFlow((o, PRODUCTS), (RIGHT, PRODUCTS), now["h"], 1.0))
    boxes += [
        Box(columns[gate], GATES, gate, now[gate], 1.0, cell.VALUES[gate].brief) for gate in gates
    ]
    return Plan(columns, boxes, flows)


def _simple(step: CellStep, cell: type[Cell]) -> Plan:
    total, h = step.gates[0].total, step.now["h"]
    limit, most = max(abs(total), 1.0), max(abs(h), 1.0)
    x, after = COLUMNS[0], COLUMNS[2]
    boxes = [
        Box(x, GATES, "a + u", total, limit, "what input and memory say together"),
        Box(after, GATES, "h<sub>t</sub>", h, most, f"the new state: {cell.squash} of the sum"),
    ]
    flows = [
        CellFlow((x, GATES), (after, GATES), total, limit),
        CellFlow((after, GATES), (RIGHT, GATES), h, most),
    ]
    return Plan({"h": x}, boxes, flows)


_WIDE, _HIGH = 0.46, 0.36  # half of a box
_UP, _DOWN = colors.PALETTE[9], colors.PALETTE[0]  # red and blue, as in the diverging scale
_STAGGER = 0.17  # a is written lower and u higher, so that neighbours do not meet
_THICK = 7.0  # of the strongest arrow, in pixels
_SATURATED = 6.0  # what is added before a gate: beyond this, more changes nothing that is seen


def cell_flow(step: CellStep, sign: str) -> go.Figure:
    """Boxes with the numbers of one unit at one step; arrows by size and sign of what they carry.

    Args:
        sign: the character that is read, as it is shown; "" for a layer that reads another.
    """
    drawn = plan(step)
    top = max(box.y for box in drawn.boxes)
    return go.Figure(
        data=[_heatmap(drawn.boxes)],
        layout={
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"range": [-0.62, RIGHT + 0.75], "visible": False, "fixedrange": True},
            "yaxis": {"range": [-0.45, top + 0.5], "visible": False, "fixedrange": True},
            "shapes": _lines(max(drawn.columns.values())),
            "annotations": [
                *(_arrow(flow) for flow in drawn.flows),
                *_rising(step, drawn.columns),
                *_beginnings(sign),
                *_ends(drawn.flows),
            ],
        },
    )


def _heatmap(boxes: Sequence[Box]) -> go.Heatmap:
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


def _x(box: Box) -> float:
    return box.x


def _y(box: Box) -> float:
    return box.y


def _edges(middles: Sequence[float], half: float) -> np.ndarray:
    return (np.array(middles)[:, None] + np.array([-half, half])).ravel()


def _width(value: float, limit: float) -> float:
    return 0.8 + (_THICK - 0.8) * min(abs(value) / limit, 1.0)


def _arrow(flow: CellFlow) -> dict[str, Any]:
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
            "x0": LEFT + _WIDE,
            "x1": end + offset,
            "y0": y,
            "y1": y,
            "line": {"color": PART_COLORS[part], "width": 3},
            "layer": "below",
        }
        for part, y, offset in (("input", INPUT, -0.16), ("memory", MEMORY, 0.16))
    ]


def _rising(step: CellStep, columns: dict[str, float]) -> list[dict[str, Any]]:
    """What the input and the memory say to each gate, a and u."""
    found = []
    for gate in step.gates:
        x = columns[gate.name]
        for part, value, y, side in (
            ("input", gate.a, INPUT, -1),
            ("memory", gate.u, MEMORY, 1),
        ):
            at, color = x + side * 0.16, PART_COLORS[part]
            width = _width(value, _SATURATED)
            found.append(_slim(arrow(at, y, at, GATES - _HIGH, color=color, width=width)))
            found.append(
                {
                    "x": at,
                    "xshift": side * (0.5 * width + 4),  # clear of the arrow
                    "y": 0.5 * (MEMORY + GATES - _HIGH) + side * _STAGGER,
                    "xanchor": "left" if side > 0 else "right",
                    "text": f"{value:.2f}".replace("-", "−"),
                    "showarrow": False,
                    "font": {"size": 12, "color": color},
                }
            )
    return found


def _beginnings(sign: str) -> list[dict[str, Any]]:
    read = f"reads <b>{label(sign)}</b>" if sign else "layer<br>below"
    return [
        {
            "x": LEFT,
            "y": y,
            "text": text,
            "showarrow": False,
            "font": {"size": 14, "color": PART_COLORS[part]},
        }
        for part, y, text in (
            ("input", INPUT, read),
            ("memory", MEMORY, "h<sub>t−1</sub>,<br>all units"),
        )
    ]


def _ends(flows: Sequence[CellFlow]) -> list[dict[str, Any]]:
    """Where what leaves the cell goes; only h leaves the layer."""
    leaving = [flow.end[1] for flow in flows if flow.end[0] == RIGHT]
    words = {PRODUCTS: "output and<br>next step", STATE: "next step"}
    if len(leaving) == 1:
        words = {leaving[0]: "output and<br>next step"}
    return [
        {
            "x": RIGHT - _WIDE + 0.06,
            "y": y,
            "xanchor": "left",
            "align": "left",
            "text": words[y],
            "showarrow": False,
            "font": {"size": 12},
        }
        for y in leaving
    ]
