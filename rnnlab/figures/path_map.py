"""The path of a whole layer through a text, as a map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import chart_layout
from rnnlab.text.features import is_vowel
from rnnlab.text.visible import visible

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
_MOST_LABELS = 150  # characters whose signs still fit beside their points


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
        data=[_line(points), *(trace for trace in stops if len(trace.x))],
        layout=chart_layout(
            x=axes[0],
            y=axes[1],
            legend={"orientation": "h", "y": 1.01, "yanchor": "bottom"},
            uirevision=f"{start} {len(text)}",
        ),
    )


def _line(points: np.ndarray) -> go.Scatter:
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
        mode="markers+text" if len(text) <= _MOST_LABELS else "markers",
        textposition="top center",
        marker={
            "color": KIND_COLORS[name],
            "size": 8,
            "symbol": _SYMBOLS[place // len(colors.SERIES)],
        },
        hovertemplate="%{text} at position %{customdata}<extra></extra>",
    )
