"""How surprising kinds of characters were through training, and which written words are words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.inspection.milestones import Learning, Rule
from rnnlab.inspection.written_words import LENGTHS, WrittenWords


def milestone_chart(lines: Sequence[Learning], steps: Sequence[int], rule: Rule) -> go.Figure:
    """One line a kind of character, with a ring where it was learned.

    Args:
        steps: updates of each moment.
        rule: what counts as learned.
    """
    figure = go.Figure()
    for index, line in enumerate(lines):
        color, dash = colors.series_line(index)
        figure.add_scatter(
            x=_places(steps),
            y=line.bits.astype(np.float32),
            customdata=np.array(steps),
            name=line.name,
            legendgroup=line.name,
            mode="lines+markers",
            marker={"size": 4},
            line={"color": color, "width": 2, "dash": dash},
            hovertemplate=f"{line.name}<br>after update %{{customdata:,}}: %{{y:.2f}} bits"
            "<extra></extra>",
        )
        if (moment := line.learned(rule)) is not None:
            figure.add_scatter(
                x=_places([steps[moment]]),
                y=line.bits[[moment]].astype(np.float32),
                customdata=np.array([steps[moment]]),
                name=f"{line.name}: learned",
                legendgroup=line.name,
                showlegend=False,
                mode="markers",
                marker={"color": color, "size": 13, "symbol": "circle-open", "line": {"width": 3}},
                hovertemplate=f"{line.name}: learned after update %{{customdata:,}}<extra></extra>",
            )
    figure.update_layout(**_layout(steps, "surprise, bits"))
    figure.update_yaxes(rangemode="tozero")
    return figure


def words_chart(found: WrittenWords, steps: Sequence[int]) -> go.Figure:
    """The share of written words that occur in the training text, a line for each length."""
    figure = go.Figure()
    shares = found.shares()
    for index, (name, _, _) in enumerate(LENGTHS):
        color, dash = colors.series_line(index)
        figure.add_scatter(
            x=_places(steps),
            y=shares[:, index].astype(np.float32),
            customdata=np.column_stack(
                [found.known[:, index], found.written[:, index], np.array(steps)]
            ),
            name=name,
            mode="lines+markers",
            marker={"size": 5},
            line={"color": color, "width": 2, "dash": dash},
            connectgaps=False,
            hovertemplate=f"{name}<br>after update %{{customdata[2]:,}}: %{{customdata[0]}} of "
            "%{customdata[1]}, %{y:.0%}<extra></extra>",
        )
    figure.update_layout(**_layout(steps, "words that occur in the text"))
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return figure


def updates_at(x: float) -> int:
    """The number of updates at a place on the axis of these charts."""
    return round(2**x - 1)


def _places(steps: Sequence[int]) -> np.ndarray:
    """Where updates lie on the axis: a logarithm that has a place for 0."""
    return np.log2(1 + np.array(steps, dtype=np.float64)).astype(np.float32)


def _layout(steps: Sequence[int], unit: str) -> dict[str, object]:
    ticks = [0, *(4**k for k in range(12) if 4**k <= max(steps))]
    return chart_layout(
        x=axis(
            "updates (logarithmic)",
            tickvals=_places(ticks).tolist(),
            ticktext=[f"{tick:,}" for tick in ticks],
        ),
        y=unit,
    )
