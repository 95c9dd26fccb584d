"""The n-gram ladder, as lines behind a loss and as bars, and loss against memory length."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, lay_out
from rnnlab.figures.series import LOSS_UNITS, LossUnit, in_unit
from rnnlab.inspection.text_loss import MemoryLength
from rnnlab.text.baselines import best_rungs, effective_order

NAME = "n-gram models"
_APART = 0.05  # of the heights that are drawn: closer labels would stand on each other


def rung_name(n: int) -> str:
    """'3-gram'; the model of order 0 knows nothing."""
    return "uniform" if n == 0 else f"{n}-gram"


def as_good_as(loss: float | None, ladder: Sequence[float]) -> str:
    """'3.4-gram', or '> 5-gram'; a dash without a loss."""
    if loss is None:
        return "–"
    order = effective_order(loss, ladder)
    if order is None:
        return f"> {rung_name(best_rungs(ladder)[-1])}"
    return f"{order:.1f}-gram" if order > 0 else rung_name(0)


def rung_lines(ladder: Sequence[float], unit: LossUnit, ends: np.ndarray) -> go.Scatter:
    """A dotted line for every rung that is better than those below it.

    Args:
        ladder: losses of the orders 0, 1, … in nats per character.
        ends: (2,) where the lines begin and end.
    """
    heights = _heights(best_rungs(ladder), ladder, unit)
    gap = np.full(len(heights), np.nan)
    return go.Scatter(
        x=np.column_stack([np.tile(ends, (len(heights), 1)), gap]).ravel().astype(np.float32),
        y=np.column_stack([heights, heights, gap]).ravel().astype(np.float32),
        name=NAME,
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )


def rung_names(
    ladder: Sequence[float], unit: LossUnit, lowest: float, *, logarithmic: bool
) -> list[dict[str, Any]]:
    """The names of the lines, to the right of a chart; none that would stand on the one above.

    Args:
        lowest: the smallest loss that is drawn beside them, in nats per character.
        logarithmic: whether the axis of the losses is.
    """
    orders = best_rungs(ladder)
    heights = _heights(orders, ladder, unit)
    low = float(in_unit(np.array([lowest]), unit)[0])
    if logarithmic:
        heights, low = np.log10(heights), math.log10(max(low, 1e-9))
    room, last, names = _APART * (heights[0] - min(low, heights[-1])), np.inf, []
    for n, height in zip(orders, heights, strict=True):
        if last - height >= room:
            names.append(_name_at(rung_name(n), float(height)))
            last = height
    return names


def _name_at(name: str, height: float) -> dict[str, Any]:
    return {
        "text": name,
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "yref": "y",
        "y": height,
        "showarrow": False,
        "font": {"size": 11},
    }


def _heights(orders: Sequence[int], ladder: Sequence[float], unit: LossUnit) -> np.ndarray:
    return in_unit(np.array([ladder[n] for n in orders]), unit)


def rung_bars(ladder: Sequence[float], loss: float | None, unit: LossUnit) -> go.Figure:
    """The loss of each order as a bar, and a network's as a line across them.

    Args:
        ladder: losses of the orders 0, 1, … in nats per character.
        loss: of the network over the same text; None draws no line.
    """
    heights = in_unit(np.array(ladder), unit)
    names = [rung_name(n) for n in range(len(ladder))]
    figure = go.Figure(
        go.Bar(
            x=names,
            y=heights.astype(np.float32),
            name=NAME,
            marker={"color": colors.NEUTRAL, "opacity": 0.7},
            text=[f"{height:.3f}" for height in heights],
            textposition="outside",  # inside, the line of the network would cross it
            cliponaxis=False,
            hovertemplate="%{x}: %{y:.3f}<extra></extra>",
        )
    )
    if loss is not None:
        height = np.full(2, float(in_unit(np.array([loss]), unit)[0]), np.float32)
        figure.add_scatter(
            x=[names[0], names[-1]],
            y=height,
            name="the network",
            mode="lines",
            line={"color": colors.VALIDATION, "width": 3},
            hovertemplate="the network: %{y:.3f}<extra></extra>",
        )
    return lay_out(
        figure, x="model", y=axis(f"loss, {LOSS_UNITS[unit]}", rangemode="tozero"), bottom=40
    )


def memory_chart(
    found: Mapping[str, MemoryLength], ladder: Sequence[float], seq_lengths: Sequence[int]
) -> go.Figure:
    """One line a network with its knee, the n-gram models, and where training cut its gradients.

    Args:
        ladder: losses of the n-gram models of orders 0, 1, … over the same characters; n looks
            back on n − 1 of them, so orders below 2 are not drawn.
        seq_lengths: of the networks, drawn as upright lines.
    """
    figure = go.Figure()
    if len(ladder) > 2:
        figure.add_scatter(
            x=np.arange(1, len(ladder) - 1),
            y=np.array(ladder[2:]),
            name=NAME,
            mode="lines+markers",
            line={"color": colors.NEUTRAL, "width": 1.5, "dash": "dot"},
            hovertemplate="%{y:.3f}",
        )
    for index, (name, memory) in enumerate(found.items()):
        _add(figure, name, memory, index)
    for length in sorted(set(seq_lengths)):
        figure.add_vline(x=length, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x=axis("characters that it may read", type="log", dtick=0.30103),
        y="loss, nats per character",
        hovermode="x unified",
    )


def _add(figure: go.Figure, name: str, memory: MemoryLength, index: int) -> None:
    color, dash = colors.series_line(index)
    figure.add_scatter(
        x=np.arange(1, len(memory.losses) + 1),
        y=memory.losses.astype(np.float32),
        name=name,
        mode="lines",
        line={"color": color, "width": 2, "dash": dash},
        hovertemplate="%{y:.3f}",
    )
    if memory.knee is not None:
        figure.add_scatter(
            x=[memory.knee],
            y=memory.losses[[memory.knee - 1]].astype(np.float32),
            name=f"{name}: knee",
            mode="markers",
            marker={"color": color, "size": 11, "symbol": "circle-open", "line": {"width": 3}},
            showlegend=False,
            hoverinfo="skip",
        )
