"""What is added up before each gate of a unit, and which numbers it comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, lay_out
from rnnlab.inspection.one_step import PARTS, Step
from rnnlab.text.visible import visible

# Of the input, the memory and the biases, in every figure about sums.
PART_COLORS = dict(zip(PARTS, (colors.SERIES[2], colors.SERIES[1], colors.NEUTRAL), strict=True))
_WORDS = {"input": "input, W_ih x", "memory": "memory, W_hh h", "bias": "biases"}
_FAINT = 0.45
_MOST_SIGNS = 100  # characters that still stand side by side under a figure
_BARS_MARGIN = {"l": 86, "r": 16, "t": 8, "b": 44}


def gate_parts(step: Step, chosen: str) -> go.Figure:
    """One row a gate: what input, memory and biases add, and their sum as a diamond.

    Args:
        chosen: the gate whose row is drawn strongly.
    """
    names = [gate.name for gate in step.gates]
    rows = [f"{name} = {step.now[name]:.3f}".replace("-", "−") for name in names]
    figure = go.Figure()
    for part in PARTS:
        figure.add_bar(
            y=rows,
            x=[gate.parts[part] for gate in step.gates],
            orientation="h",
            name=_WORDS[part],
            marker={
                "color": PART_COLORS[part],
                "opacity": [1.0 if name == chosen else _FAINT for name in names],
            },
            hovertemplate=f"{_WORDS[part]}: %{{x:.3f}}<extra></extra>",
        )
    figure.add_scatter(
        y=rows,
        x=[gate.total for gate in step.gates],
        name="sum = pre-activation",
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 12,
            "color": colors.TEXT,
            "line": {"color": colors.BACKGROUND, "width": 1.5},
        },
        hovertemplate="sum: %{x:.3f}, so %{y}<extra></extra>",
    )
    figure.update_layout(
        margin={**_BARS_MARGIN, "t": 30},
        barmode="relative",
        bargap=0.35,
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis={
            "title": {"text": "added before the squashing function"},
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis={"autorange": "reversed", "ticks": "", "showgrid": False},
    )
    return figure


def unit_terms(
    weights: np.ndarray, values: np.ndarray, terms: np.ndarray, part: str, k: int
) -> go.Figure:
    """The k units that add most to a sum, by size, and all others together.

    Args:
        weights, values, terms: (H,) w, h, and what w · h adds.
        part: "memory" or "input", for the color.
    """
    order = np.argsort(-np.abs(terms), kind="stable")[:k]
    rest = float(terms.sum() - terms[order].sum())
    others = len(terms) - len(order)
    rows = [f"unit {unit}" for unit in order]
    notes = [f"{weights[unit]:.3f} · {values[unit]:.3f} = {terms[unit]:.3f}" for unit in order]
    sums = [float(terms[unit]) for unit in order]
    if others:
        rows, sums = [*rows, f"{others} others"], [*sums, rest]
        notes = [*notes, f"together {rest:.3f}"]
    figure = go.Figure(
        go.Bar(
            y=rows,
            x=sums,
            orientation="h",
            marker={
                "color": PART_COLORS[part],
                "opacity": [1.0] * len(order) + [_FAINT] * (len(rows) - len(order)),
            },
            text=notes,
            textposition="none",
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        margin=_BARS_MARGIN,
        xaxis={
            "title": {"text": "weight · value of the unit"},
            "zeroline": True,
            "zerolinewidth": 2,
        },
        yaxis={"autorange": "reversed", "ticks": "", "showgrid": False, "type": "category"},
    )
    return figure


def character_terms(symbols: Sequence[str], terms: np.ndarray, read: int) -> go.Figure:
    """What every character would add to a sum, from the lowest to the highest.

    Args:
        symbols: the V characters; terms: (V,).
        read: the id of the character that was read, drawn strongly.
    """
    order = np.argsort(terms, kind="stable")
    signs = [label(visible(symbols[index])) for index in order]
    across = axis("character", showgrid=False, ticks="", tickangle=0)
    if len(signs) <= _MOST_SIGNS:
        across |= {
            "tickvals": np.arange(len(signs)),
            "ticktext": signs,
            "tickfont": {"size": 11, "family": "monospace"},
        }
    figure = go.Figure(
        go.Bar(
            x=np.arange(len(signs)),
            y=terms[order].astype(np.float32),
            marker={
                "color": PART_COLORS["input"],
                "opacity": [1.0 if index == read else _FAINT for index in order],
                "line": {
                    "color": colors.TEXT,
                    "width": [1.5 if index == read else 0 for index in order],
                },
            },
            text=signs,
            textposition="none",
            hovertemplate="%{text} adds %{y:.3f}<extra></extra>",
        )
    )
    return lay_out(figure, x=across, y=axis("W_ih x", zeroline=True, zerolinewidth=2), right=8)
