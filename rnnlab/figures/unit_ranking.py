"""How closely units follow a feature, and what linear probes read off all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, lay_out
from rnnlab.inspection.probe import Probe

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
