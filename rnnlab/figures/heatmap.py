"""Hidden units over the characters of a text, as a heatmap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.figures.scales import Scale
from rnnlab.text.visible import visible

MOST_UNITS, MOST_CHARACTERS = 256, 1_000
_MOST_LABELS = 120  # characters that still stand side by side under a figure


def units_heatmap(
    trace: np.ndarray,
    text: str,
    *,
    name: str,
    scale: Scale,
    order: Sequence[int] | np.ndarray | None = None,
    start: int = 0,
    selected: tuple[int, int] | None = None,
) -> go.Figure:
    """One row a unit, one column a character; a click tells both.

    On the vertical axis stand the numbers of the units as labels, so the `y` of a click is the
    unit's number as text whatever the order; `x` is the position in the text.

    Args:
        trace: (T, H) values, T ≤ 1,000.
        text: the T characters.
        name: of the value, such as "h".
        scale: from `scales.scale_for`; values travel as its counts, in one byte each.
        order: numbers of the units from top to bottom, at most 256; all in order when None.
        start: position of the first character in a longer text.
        selected: (unit, position) to mark.
    Raises:
        ValueError: too many units or characters, or a text of another length than the trace.
    """
    units = np.arange(trace.shape[1]) if order is None else np.asarray(order)
    _check(len(text), trace.shape[0], len(units))
    signs = [label(sign) for sign in visible(text)]
    low, high = scale.color_range
    cells = go.Heatmap(
        z=scale.packed(trace[:, units]).T,  # (units, T) counts
        x0=start,
        dx=1,
        y=[str(unit) for unit in units],
        name=name,
        zmin=low,
        zmax=high,
        colorscale=colors.DIVERGING if scale.kind == "diverging" else colors.SEQUENTIAL,
        colorbar={"title": {"text": name}, "thickness": 12, "outlinewidth": 0},
        hovertemplate=f"unit %{{y}}<br>position %{{x}}: %{{text}}<br>{name} = %{{z:.2f}}"
        "<extra></extra>",
        meta={"scale": scale.kind, "step": scale.step, "characters": signs},
    )
    return go.Figure(data=[cells], layout=_layout(units, signs, start, selected))


def _check(characters: int, steps: int, units: int) -> None:
    if characters != steps:
        raise ValueError(f"The text has {characters} characters, but the trace {steps} steps.")
    if steps > MOST_CHARACTERS or units > MOST_UNITS:
        raise ValueError(
            f"A heatmap of {units} units and {steps} characters cannot be read; show at most "
            f"{MOST_UNITS} units and {MOST_CHARACTERS:,} characters."
        )


def _layout(
    units: np.ndarray,
    signs: list[str],
    start: int,
    selected: tuple[int, int] | None,
) -> dict[str, Any]:
    return chart_layout(
        x=_characters_axis(signs, start),
        y=axis(
            "unit",
            type="category",
            autorange="reversed",  # the first unit at the top
            showgrid=False,
            ticks="",
            uirevision=f"{len(units)}",
        ),
        left=56,
        right=10,
        shapes=_frames(units, len(signs), start, selected),
    )


def _characters_axis(signs: list[str], start: int) -> dict[str, Any]:
    across: dict[str, Any] = {
        "title": {"text": "position in the text (characters)"},
        "showgrid": False,
        "zeroline": False,
        "uirevision": f"{start} {len(signs)}",
    }
    if len(signs) <= _MOST_LABELS:
        across |= {
            "title": {"text": f"characters, from position {start:,}"},
            "tickvals": np.arange(start, start + len(signs)),
            "ticktext": signs,
            "tickangle": 0,
            "ticks": "",
        }
    return across


def _frames(
    units: np.ndarray, width: int, start: int, selected: tuple[int, int] | None
) -> list[dict[str, Any]]:
    """Frames around the selected row and column."""
    if selected is None or selected[0] not in units:
        return []
    unit, position = selected
    row = int(np.flatnonzero(units == unit)[0])
    line = {"color": colors.TEXT, "width": 1}
    left, right = start - 0.5, start + width - 0.5
    frames = [{"x0": left, "x1": right, "y0": row - 0.5, "y1": row + 0.5}]
    if start <= position < start + width:
        height = len(units) - 0.5
        frames.append({"x0": position - 0.5, "x1": position + 0.5, "y0": -0.5, "y1": height})
    return [{"type": "rect", "line": line, **frame} for frame in frames]
