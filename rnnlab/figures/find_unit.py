"""Units that follow a feature: how closely, one of them over a text, and around a marked span.

Beside single units: what linear probes read off all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, label, lay_out
from rnnlab.figures.scales import Scale
from rnnlab.figures.units import unit_lines, units_heatmap
from rnnlab.inspection.units.probe import Probe

_RISING, _FALLING = colors.PALETTE[9], colors.PALETTE[0]  # red and blue, as of high and low values
_LEFT = 150  # pixels for the names of bars


def ranking_bars(
    names: Sequence[str],
    r: np.ndarray,
    notes: Sequence[str],
    by_chance: float,
    chosen: int | None = None,
) -> go.Figure:
    """|r| of some units or features as bars, the largest on top, and a line for chance.

    Args:
        names: of the bars; r: their correlations; notes: more for the hover of each.
        by_chance: what the best of all that were tried reaches by chance.
        chosen: number of the bar that stands out.
    """
    shades = [1.0 if chosen in (None, place) else 0.45 for place in range(len(names))]
    figure = go.Figure(
        go.Bar(
            x=np.abs(r).astype(np.float32),
            y=[label(name) for name in names],
            orientation="h",
            marker={
                "color": [_RISING if each > 0 else _FALLING for each in r],
                "opacity": shades,
            },
            text=[f"{each:+.2f}".replace("-", "−") for each in r],
            textposition="outside",
            cliponaxis=False,
            customdata=[label(note) for note in notes],
            hovertemplate="%{y}: r = %{text}<br>%{customdata}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_vline(
        x=by_chance,
        line={"color": colors.TEXT, "width": 1.5, "dash": "dash"},
        annotation={
            "text": f"chance: {by_chance:.2f}",
            "yref": "paper",
            "y": 1.0,
            "yanchor": "bottom",
            "xanchor": "center",
            "font": {"size": 12},
        },
    )
    end = 1.12 * max(float(np.abs(r).max(initial=0.0)), by_chance, 0.1)
    return lay_out(
        figure,
        x=axis("|r|, correlation", range=[0, end]),
        y={"autorange": "reversed", "type": "category", "ticklabelstandoff": 6},
        left=_LEFT,
        right=24,
        top=26,
        bargap=0.25,
    )


def probe_bars(found: Probe) -> go.Figure:
    """What can be read off the best unit, all units, and the characters themselves, as bars."""
    scores = {
        "all units": found.all_units,
        "best unit alone": found.best_unit,
        "last 3 characters": found.three_characters,
        "current character": found.character,
        "all units, control label": found.control,
    }
    shades = [colors.TEST, colors.TEST, *3 * [colors.NEUTRAL]]
    guess = 0.0 if found.is_number else 0.5
    figure = go.Figure(
        go.Bar(
            x=np.array(list(scores.values()), np.float32),
            y=list(scores),
            orientation="h",
            marker={"color": shades, "opacity": [1, 0.6, 0.7, 0.7, 0.45]},
            text=[f"{score:.3f}".replace("-", "−") for score in scores.values()],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
        )
    )
    figure.add_vline(
        x=guess,
        line={"color": colors.TEXT, "width": 1.5, "dash": "dash"},
        annotation={
            "text": "always the mean" if found.is_number else "guessing",
            "yref": "paper",
            "y": 1.0,
            "yanchor": "bottom",
            "xanchor": "left" if found.is_number else "center",
            "font": {"size": 12},
        },
    )
    low = min(0.0, *scores.values())
    title = "R²" if found.is_number else "balanced accuracy"
    return lay_out(
        figure,
        x=axis(f"{title}, on other text", range=[low, 1.12]),
        y={"autorange": "reversed", "type": "category", "ticklabelstandoff": 6},
        left=_LEFT,
        right=24,
        top=26,
        bargap=0.3,
    )


def unit_and_feature(
    unit: int, values: np.ndarray, marks: np.ndarray, text: str, *, name: str, feature: str,
    scale: Scale, start: int = 0,
) -> go.Figure:  # fmt: skip
    """A line of the unit, and the feature as bands, or as a line on an axis of its own.

    Args:
        values: (T,) of the unit; marks: (T,) bool or numbers.
        name: of the value, such as "h"; feature: its name.
        start: position of the first character in a longer text.
    """
    figure = unit_lines({unit: values}, text, name=name, scale=scale, start=start)
    positions = np.arange(start, start + len(text), dtype=np.int32)
    band = marks.dtype == bool
    figure.add_scatter(
        x=positions,
        y=marks.astype(np.float32),
        yaxis="y2",
        name=feature,
        mode="lines",
        line={
            "color": colors.NEUTRAL,
            "width": 0 if band else 1.5,
            "shape": "hvh" if band else "linear",
        },
        fill="tozeroy" if band else None,
        opacity=0.5 if band else 0.8,
        hoverinfo="skip" if band else None,
        hovertemplate=None if band else "%{y:.0f}",
    )
    top = 1.0 if band else max(float(marks.max(initial=0.0)), 1.0)
    figure.update_layout(
        yaxis={"side": "left"},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0, top * 1.04],
            "showgrid": False,
            "visible": not band,
            "tickmode": "auto",
            "nticks": 6,
            "title": {"text": "" if band else feature},
        },
        margin={"l": 60, "r": 16 if band else 60, "t": 8, "b": 44},
    )
    return figure


AROUND = 50  # characters drawn before and after the span


def span_map(
    values: np.ndarray,
    text: str,
    *,
    names: Sequence[str],
    name: str,
    scale: Scale,
    span: tuple[int, int],
    start: int = 0,
) -> go.Figure:
    """One row a selected unit, one column a character near the span, and a frame around the span.

    Args:
        values: (T, units).
        text: the T characters.
        names: of the units, one a column.
        name: of the value, such as "h"; scale: its colors.
        span: from its first character to one past its last, in `text`.
        start: position of the first character in a longer text.
    """
    first, end = max(span[0] - AROUND, 0), min(span[1] + AROUND, len(text))
    figure = units_heatmap(
        values[first:end], text[first:end], name=name, scale=scale, start=start + first
    )
    figure.data[0].y = list(names)
    figure.data[
        0
    ].hovertemplate = (
        f"unit %{{y}}<br>position %{{x}}: %{{text}}<br>{name} = %{{z:.2f}}<extra></extra>"
    )
    figure.add_shape(
        type="rect",
        x0=start + span[0] - 0.5,
        x1=start + span[1] - 0.5,
        y0=-0.5,
        y1=len(names) - 0.5,
        line={"color": colors.TEXT, "width": 2},
    )
    return figure
