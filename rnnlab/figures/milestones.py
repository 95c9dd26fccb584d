"""When a network learned what, drawn and in words: surprise by kind of character, known words.

The words are Markdown, and every number in them is computed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.inspection.milestones import (
    LENGTHS,
    Learning,
    Rule,
    WordCounts,
    first_for_good,
    in_order,
)


def milestone_chart(lines: Sequence[Learning], steps: Sequence[int], rule: Rule) -> go.Figure:
    """One line a kind of character, with a ring where it was learned.

    Args:
        steps: updates of each snapshot.
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
        if (snapshot := line.learned(rule)) is not None:
            figure.add_scatter(
                x=_places([steps[snapshot]]),
                y=line.bits[[snapshot]].astype(np.float32),
                customdata=np.array([steps[snapshot]]),
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


def words_chart(found: WordCounts, steps: Sequence[int]) -> go.Figure:
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


def milestones_told(lines: Sequence[Learning], steps: Sequence[int], rule: Rule) -> str:
    """The kinds in the order in which they were learned, as Markdown."""
    found = in_order(lines, rule)
    told = [f"**{_listed(names)}** {_when(steps, snapshot)}" for snapshot, names in found.items()]
    never = [line.name for line in lines if line.learned(rule) is None]
    sentences = [f"Learned in this order: {'; '.join(told)}."] if told else []
    sentences += [f"Not learned by the end: **{_listed(never)}**."] if never else []
    return " ".join(sentences)


def _when(steps: Sequence[int], snapshot: int) -> str:
    if snapshot == 0:
        return f"by the first stored moment, update {steps[0]:,}"
    told = f"between updates {steps[snapshot - 1]:,} and {steps[snapshot]:,}"
    return f"{told}, the last moment" if snapshot == len(steps) - 1 else told


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def words_told(shares: np.ndarray, steps: Sequence[int]) -> str:
    """From when on most written words of each length are words, as Markdown."""
    told = []
    for (name, _, _), column in zip(LENGTHS, shares.T, strict=True):
        snapshot = first_for_good(-column, -0.5)
        when = "never for good" if snapshot is None else f"from update **{steps[snapshot]:,}** on"
        last = snapshot == len(steps) - 1
        told.append(f"{name}: {'only at the last moment' if last else when}")
    return f"When more than half of the words that it writes occur in the text: {'; '.join(told)}."
