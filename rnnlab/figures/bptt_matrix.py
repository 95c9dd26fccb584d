"""Whose loss reaches which step, as triangles in one common logarithmic color scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.text.visible import visible

LOWEST, HIGHEST = -8, 2  # powers of ten at which the colors end, the same for every network
_DIGITS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_GAP = 0.03  # between panels, as a share of the figure
_TITLE = 28  # pixels above each panel
_MOST_LABELS = 64  # characters that stand side by side under a panel that has the width
_WIDE = 2  # up to so many panels in a row, characters stand at their axes


@dataclass(frozen=True, eq=False)
class Panel:
    """One network."""

    title: str
    norms: np.ndarray | None  # (T, T) from `inspection.bptt`; None: no such network


def bptt_matrices(
    panels: Sequence[Panel], text: str, *, columns: int, state: str, height: int, start: int = 0
) -> go.Figure:
    """Panels side by side, row by row; hover says t, s, the characters and the norm.

    Args:
        text: T + 1 characters; row t is the loss of predicting the one after the t-th.
        columns: how many panels stand in a row.
        state: "h" or "c", for the words.
        height: of the whole figure, in pixels.
        start: position of the first character in a longer text.
    """
    signs = [label(sign) for sign in visible(text)]
    reads = [f"{start + s} {signs[s]}" for s in range(len(signs) - 1)]
    losses = [f"{start + t} {signs[t]} → {signs[t + 1]}" for t in range(len(signs) - 1)]
    rows = -(-len(panels) // columns)
    layout: dict[str, Any] = {
        "margin": {"l": 56 if columns <= _WIDE else 40, "r": 10, "t": 4, "b": 44},
        "hovermode": "closest",
        "annotations": [],
    }
    data = []
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        x, y = _domains(row, column, rows, columns, height)
        number = "" if place == 0 else str(place + 1)
        layout[f"xaxis{number}"] = _axis(signs[:-1], columns, x, f"y{number}", row == rows - 1)
        layout[f"yaxis{number}"] = _axis(signs[1:], columns, y, f"x{number}", column == 0) | {
            "autorange": "reversed",  # the first loss at the top
        }
        layout["annotations"] += _words(panel, x, y)
        norms = np.full((len(reads),) * 2, np.nan) if panel.norms is None else panel.norms
        data.append(_triangle(norms, reads, losses, number, state, is_first=place == 0))
    return go.Figure(data=data, layout=layout | {"uirevision": f"{start} {len(text)} {columns}"})


def _domains(
    row: int, column: int, rows: int, columns: int, height: int
) -> tuple[list[float], list[float]]:
    width, tall = (1 + _GAP) / columns, 1 / rows
    title = _TITLE / height
    return (
        [column * width, (column + 1) * width - _GAP],
        [1 - (row + 1) * tall + (_GAP if row < rows - 1 else 0), 1 - row * tall - title],
    )


def _axis(
    signs: list[str], columns: int, domain: list[float], anchor: str, is_outer: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "category",
        "domain": domain,
        "anchor": anchor,
        "showgrid": False,
        "ticks": "",
        "showticklabels": False,
    }
    is_x = anchor.startswith("y")
    if is_outer:
        words = "step s: the character read" if is_x else "loss at t: the one to predict"
        found["title"] = {"text": words, "standoff": 4}
    if columns <= _WIDE and len(signs) <= _MOST_LABELS:
        found |= {
            "showticklabels": True,
            "tickvals": np.arange(len(signs)),
            "ticktext": signs,
            "tickangle": 0,
            "tickfont": {"size": 9},
        }
    return found


def _words(panel: Panel, x: list[float], y: list[float]) -> list[dict[str, Any]]:
    common = {"xref": "paper", "yref": "paper", "showarrow": False}
    title = {
        "text": f"<b>{label(panel.title)}</b>",
        "x": x[0],
        "y": y[1],
        "xanchor": "left",
        "yanchor": "bottom",
    }
    found = [common | title]
    if panel.norms is None:
        middle = {"x": sum(x) / 2, "y": sum(y) / 2, "font": {"color": colors.NEUTRAL}}
        found.append(common | middle | {"text": "no such run here"})
    return found


def _triangle(
    norms: np.ndarray, reads: list[str], losses: list[str], number: str, state: str, is_first: bool
) -> go.Heatmap:
    future = np.triu(np.ones(norms.shape, bool), 1)
    with np.errstate(divide="ignore"):
        powers = np.clip(np.log10(norms), LOWEST, HIGHEST)
    told = np.minimum(norms, np.finfo(np.float32).max)
    ticks = list(range(LOWEST, HIGHEST + 1, 2))
    return go.Heatmap(
        z=np.where(future, np.nan, powers).astype(np.float32),
        customdata=told.astype(np.float32),
        x=reads,
        y=losses,
        xaxis=f"x{number}",
        yaxis=f"y{number}",
        zmin=LOWEST,
        zmax=HIGHEST,
        colorscale=colors.SEQUENTIAL,
        meta={"scale": "sequential"},
        showscale=is_first,
        hoverongaps=False,
        colorbar={
            "title": {"text": f"‖∂L/∂{state}‖", "side": "right"},
            "len": 0.92,  # below the titles, which may be longer than a narrow panel
            "y": 0,
            "yanchor": "bottom",
            "thickness": 12,
            "outlinewidth": 0,
            "tickvals": ticks,
            "ticktext": [power_of_ten(tick) for tick in ticks],
        },
        hovertemplate=f"loss at t = %{{y}}<br>felt at s = %{{x}}<br>‖∂L<sub>t</sub>/∂{state}"
        "<sub>s</sub>‖ = %{customdata:.2e}<extra></extra>",
    )


def power_of_ten(power: int) -> str:
    """Such as '10⁻³'."""
    return f"10{str(power).translate(_DIGITS)}"
