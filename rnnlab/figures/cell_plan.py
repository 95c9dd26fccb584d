"""The plan of a cell's drawing: which boxes and arrows it has, and one step's numbers in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.one_step import Step

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
class Flow:
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
    flows: list[Flow]


def plan(step: Step) -> Plan:
    """The boxes and arrows of one unit at one step."""
    columns = _gate_columns(step)
    return Plan(columns, *_PLANS[step.cell](step, columns))


def _gate_columns(step: Step) -> dict[str, float]:
    """Where each gate stands; in a GRU z comes first, because it keeps as f does in an LSTM."""
    order = {"lstm": "figo", "gru": "zrn"}.get(step.cell, "h")
    return dict(zip(order, COLUMNS, strict=False))


def _lstm(step: Step, columns: dict[str, float]) -> tuple[list[Box], list[Flow]]:
    now, old = step.now, step.before["c"]
    kept, written = now["f"] * old, now["i"] * now["g"]
    most = max(abs(old), abs(now["c"]), 1.0)
    f, i, g, o = (columns[name] for name in "figo")
    boxes = [
        Box(LEFT, STATE, "c<sub>t−1</sub>", old, most, "the memory before this step"),
        Box(f, STATE, "f · c<sub>t−1</sub>", kept, most, "what is kept of the memory"),
        Box(g, STATE, "c<sub>t</sub>", now["c"], most, "the memory now: kept + written"),
        Box(g, PRODUCTS, "i · g", written, most, "what is written into the memory"),
        Box(o, PRODUCTS, "h<sub>t</sub>", now["h"], 1.0, "what is shown: o · tanh(c)"),
        Box(f, GATES, "f", now["f"], 1.0, "forget gate: 1 keeps, 0 erases"),
        Box(i, GATES, "i", now["i"], 1.0, "input gate: 1 writes all of g"),
        Box(g, GATES, "g", now["g"], 1.0, "candidate: what is offered"),
        Box(o, GATES, "o", now["o"], 1.0, "output gate: 1 shows all of it"),
    ]
    flows = [
        Flow((LEFT, STATE), (f, STATE), old, most),
        Flow((f, STATE), (g, STATE), kept, most),
        Flow((f, GATES), (f, STATE), now["f"], 1.0),
        Flow((i, GATES), (g, PRODUCTS), now["i"], 1.0),
        Flow((g, GATES), (g, PRODUCTS), now["g"], 1.0),
        Flow((g, PRODUCTS), (g, STATE), written, most),
        Flow((o, GATES), (o, PRODUCTS), now["o"], 1.0),
        Flow((g, STATE), (o, PRODUCTS), float(np.tanh(now["c"])), 1.0),
        Flow((g, STATE), (RIGHT, STATE), now["c"], most),
        Flow((o, PRODUCTS), (RIGHT, PRODUCTS), now["h"], 1.0),
    ]
    return boxes, flows


def _gru(step: Step, columns: dict[str, float]) -> tuple[list[Box], list[Flow]]:
    now, old = step.now, step.before["h"]
    kept, written = now["z"] * old, (1 - now["z"]) * now["n"]
    z, r, n = (columns[name] for name in "zrn")
    boxes = [
        Box(LEFT, STATE, "h<sub>t−1</sub>", old, 1.0, "the state before this step"),
        Box(z, STATE, "z · h<sub>t−1</sub>", kept, 1.0, "what is kept of the state"),
        Box(n, STATE, "h<sub>t</sub>", now["h"], 1.0, "the state now: kept + written"),
        Box(n, PRODUCTS, "(1−z) · n", written, 1.0, "what is written over it"),
        Box(z, GATES, "z", now["z"], 1.0, "update gate: 1 keeps, 0 overwrites"),
        Box(r, GATES, "r", now["r"], 1.0, "reset gate: what the memory may say to n"),
        Box(n, GATES, "n", now["n"], 1.0, "candidate: what is offered"),
    ]
    flows = [
        Flow((LEFT, STATE), (z, STATE), old, 1.0),
        Flow((z, STATE), (n, STATE), kept, 1.0),
        Flow((z, GATES), (z, STATE), now["z"], 1.0),
        Flow((z, GATES), (n, PRODUCTS), 1 - now["z"], 1.0),
        Flow((r, GATES), (n, GATES), now["r"], 1.0),
        Flow((n, GATES), (n, PRODUCTS), now["n"], 1.0),
        Flow((n, PRODUCTS), (n, STATE), written, 1.0),
        Flow((n, STATE), (RIGHT, STATE), now["h"], 1.0),
    ]
    return boxes, flows


def _simple(step: Step, columns: dict[str, float]) -> tuple[list[Box], list[Flow]]:
    total, h = step.gates[0].total, step.now["h"]
    limit, most = max(abs(total), 1.0), max(abs(h), 1.0)
    x, after = columns["h"], COLUMNS[2]
    squash = "tanh" if step.cell == "rnn_tanh" else "max(0, ·)"
    boxes = [
        Box(x, GATES, "a + u", total, limit, "what input and memory say together"),
        Box(after, GATES, "h<sub>t</sub>", h, most, f"the new state: {squash} of the sum"),
    ]
    flows = [
        Flow((x, GATES), (after, GATES), total, limit),
        Flow((after, GATES), (RIGHT, GATES), h, most),
    ]
    return boxes, flows


_PLANS = {"lstm": _lstm, "gru": _gru, "rnn_tanh": _simple, "rnn_relu": _simple}
