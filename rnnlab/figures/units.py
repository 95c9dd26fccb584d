"""Hidden units over a text: heatmap, lines, one unit at several snapshots, a layer's path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout, label
from rnnlab.figures.scales import Scale, default_scale
from rnnlab.text.features import is_vowel
from rnnlab.text.visible import visible

MAX_UNITS, MAX_CHARACTERS = 256, 1_000
_MAX_HEATMAP_LABELS = 120  # characters that still stand side by side under a figure


def units_heatmap(
    trace: np.ndarray,
    text: str,
    *,
    name: str = "",
    scale: Scale | None = None,
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
        scale: from `scales.scale_for`; that of the values themselves when None.
        order: numbers of the units from top to bottom, at most 256; all in order when None.
        start: position of the first character in a longer text.
        selected: (unit, position) to mark.
    Raises:
        ValueError: too many units or characters, or a text of another length than the trace.
    """
    units = np.arange(trace.shape[1]) if order is None else np.asarray(order)
    _check(len(text), trace.shape[0], len(units))
    signs = [label(sign) for sign in visible(text)]
    scale = scale or default_scale(trace[:, units])
    low, high = scale.color_range
    cells = go.Heatmap(
        z=scale.limited(trace[:, units]).T,  # (units, T)
        text=_on_each_row(signs, len(units)),
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


def _on_each_row(signs: list[str], rows: int) -> np.ndarray:
    """The characters under every row, (rows, T), for whoever points at a cell."""
    return np.broadcast_to(np.array(signs, dtype=object), (rows, len(signs)))


def _check(characters: int, steps: int, units: int) -> None:
    if characters != steps:
        raise ValueError(f"The text has {characters} characters, but the trace {steps} steps.")
    if steps > MAX_CHARACTERS or units > MAX_UNITS:
        raise ValueError(
            f"A heatmap of {units} units and {steps} characters cannot be read; show at most "
            f"{MAX_UNITS} units and {MAX_CHARACTERS:,} characters."
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
    if len(signs) <= _MAX_HEATMAP_LABELS:
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


MARGIN = {"l": 60, "r": 16, "t": 8, "b": 44}


def unit_lines(
    values: Mapping[int, np.ndarray], text: str, *, name: str, scale: Scale, start: int = 0
) -> go.Figure:
    """The values of chosen units at every character, the first of them strongest.

    Args:
        values: (T,) by unit.
        text: the T characters.
        name: of the value, such as "h"; scale: of the vertical axis.
        start: position of the first character in a longer text.
    """
    signs = [label(sign) for sign in visible(text)]
    positions = np.arange(start, start + len(text), dtype=np.int32)
    traces = [
        _unit_line(f"unit {unit}", positions, line, signs if place == 0 else None, place)
        for place, (unit, line) in enumerate(values.items())
    ]
    return go.Figure(
        data=traces[::-1],  # the first on top
        layout={
            "margin": MARGIN,
            "hovermode": "x unified",
            "legend": {
                "orientation": "h",
                "y": 1.01,
                "yanchor": "bottom",
                "traceorder": "reversed",
            },
            "showlegend": True,
            "xaxis": {
                "title": {"text": "position in the text (characters)"},
                "uirevision": f"{start} {len(text)}",
            },
            "yaxis": {
                "title": {"text": name},
                "range": _padded(scale),
                "uirevision": f"{name} {scale.words}",
            },
        },
    )


def _unit_line(
    name: str, positions: np.ndarray, line: np.ndarray, signs: Sequence[str] | None, place: int
) -> go.Scatter:
    color, dash = colors.series_line(place)
    return go.Scatter(
        x=positions,
        y=line.astype(np.float32),
        text=signs,
        name=name,
        mode="lines",
        line={"color": color, "dash": dash, "width": 1.3 if signs is None else 2},
        hovertemplate="%{y:.2f}" if signs is None else "%{y:.2f} at %{text}",
    )


def _padded(scale: Scale) -> list[float]:
    margin = 0.04 * (scale.high - scale.low)
    return [scale.low - margin, scale.high + margin]


def unit_history(
    values: np.ndarray,
    steps: Sequence[int],
    text: str,
    *,
    name: str,
    scale: Scale,
    start: int = 0,
) -> go.Figure:
    """One row a snapshot, the earliest at the top; the `y` of a click is its step as text.

    Args:
        values: (snapshots, T).
        steps: of each snapshot, the number of updates.
        text: the T characters.
        name: of the value, such as "h"; scale: of its colors.
        start: position of the first character in a longer text.
    """
    signs = [label(sign) for sign in visible(text)]
    cells = go.Heatmap(
        z=scale.limited(values),
        text=_on_each_row(signs, len(steps)),
        x0=start,
        dx=1,
        y=[str(step) for step in steps],
        name=name,
        zmin=scale.low,
        zmax=scale.high,
        colorscale=colors.DIVERGING if scale.kind == "diverging" else colors.SEQUENTIAL,
        colorbar={"title": {"text": name}, "thickness": 12, "outlinewidth": 0},
        hovertemplate=f"after update %{{y}}<br>position %{{x}}: %{{text}}<br>{name} = %{{z:.2f}}"
        "<extra></extra>",
        meta={"scale": scale.kind, "step": scale.step, "characters": signs},
    )
    return go.Figure(
        data=[cells],
        layout=chart_layout(
            x=axis(
                "position in the text (characters)",
                showgrid=False,
                zeroline=False,
                uirevision=f"{start} {len(text)}",
            ),
            y=axis("updates", type="category", autorange="reversed", showgrid=False, ticks=""),
            left=64,
            right=10,
        ),
    )


_SYMBOLS = ("circle", "diamond")
KIND_COLORS = {
    "vowels": colors.SERIES[0],
    "other letters": colors.SERIES[1],
    "capitals": colors.SERIES[2],
    "spaces": colors.SERIES[3],
    "line ends": colors.SERIES[4],
    "digits": colors.PALETTE[3],
    "other signs": colors.NEUTRAL,
}
_MAX_PATH_LABELS = 150  # characters whose signs still fit beside their points


def kind(character: str) -> str:
    """To which kind a character belongs, one of seven."""
    if character in "\n\r":
        return "line ends"
    if character.isspace():
        return "spaces"
    if character.isdigit():
        return "digits"
    if character.isupper():
        return "capitals"
    if is_vowel(character):
        return "vowels"
    return "other letters" if character.isalpha() else "other signs"


def path_map(
    points: np.ndarray, shares: Sequence[float] | np.ndarray, text: str, start: int = 0
) -> go.Figure:
    """Where a layer was after each character, in the two directions in which it moves most.

    Args:
        points: (T, 2).
        shares: of the variance that the two directions explain, 0 to 1.
        text: the T characters.
        start: position of the first character in a longer text.
    """
    kinds = np.array([kind(character) for character in text])
    axes = [
        {"title": {"text": f"direction {k + 1} ({share:.0%} of the variance)"}}
        for k, share in enumerate(shares[:2])
    ]
    stops = [
        _stops(name, place, np.flatnonzero(kinds == name), points, text, start)
        for place, name in enumerate(KIND_COLORS)
    ]
    return go.Figure(
        data=[_path_line(points), *(trace for trace in stops if len(trace.x))],
        layout=chart_layout(
            x=axes[0],
            y=axes[1],
            legend={"orientation": "h", "y": 1.01, "yanchor": "bottom"},
            uirevision=f"{start} {len(text)}",
        ),
    )


def _path_line(points: np.ndarray) -> go.Scatter:
    return go.Scatter(
        x=points[:, 0].astype(np.float32),
        y=points[:, 1].astype(np.float32),
        name="path",
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 0.7},
        opacity=0.4,
        hoverinfo="skip",
    )


def _stops(
    name: str, place: int, positions: np.ndarray, points: np.ndarray, text: str, start: int
) -> go.Scatter:
    return go.Scatter(
        x=points[positions, 0].astype(np.float32),
        y=points[positions, 1].astype(np.float32),
        text=[label(visible(text[t])) for t in positions],
        customdata=(positions + start).astype(np.int32),
        name=name,
        mode="markers+text" if len(text) <= _MAX_PATH_LABELS else "markers",
        textposition="top center",
        marker={
            "color": KIND_COLORS[name],
            "size": 8,
            "symbol": _SYMBOLS[place // len(colors.SERIES)],
        },
        hovertemplate="%{text} at position %{customdata}<extra></extra>",
    )
