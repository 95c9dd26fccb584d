"""What two networks pay by class of character, and how often units sit at an end of a gate.

Such a gate is called saturated (Karpathy, Johnson, Fei-Fei 2015, arXiv:1506.02078).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, lay_out
from rnnlab.inspection.comparison import ClassBits, Saturation

_LEFT = 112  # pixels, for names of classes in several lines
_CLASSES = axis("class of the character that came", autorange="reversed", ticks="", showgrid=False)


def _labels(classes: Sequence[ClassBits]) -> list[str]:
    """The names in short lines; they stand beside lying bars, where a narrow screen has room."""
    return ["<br>".join(textwrap.wrap(each.name, 12)) for each in classes]


def class_bars(classes: Sequence[ClassBits], names: tuple[str, str]) -> go.Figure:
    """Mean bits per character by class, two bars each."""
    counts = np.array([each.count for each in classes])
    sums = ([each.first for each in classes], [each.second for each in classes])
    figure = go.Figure()
    for place, (name, total) in enumerate(zip(names, sums, strict=True)):
        figure.add_bar(
            y=_labels(classes),
            customdata=[each.name for each in classes],
            x=(np.array(total) / counts).astype(np.float32),
            orientation="h",
            name=name,
            marker={"color": colors.series_line(place)[0]},
            hovertemplate=f"%{{customdata}}: %{{x:.2f}} bits<extra>{name}</extra>",
        )
    return lay_out(
        figure,
        x=axis("bits per character", rangemode="tozero"),
        y=_CLASSES,
        left=_LEFT,
        barmode="group",
    )


def difference_bars(classes: Sequence[ClassBits]) -> go.Figure:
    """How much each class adds to the mean difference; the bars add up to all of it."""
    count = sum(each.count for each in classes)
    parts = np.array([each.difference for each in classes]) / count
    room = 0.3 * (float(np.abs(parts).max(initial=0.0)) or 1.0)  # for the numbers
    figure = go.Figure(
        go.Bar(
            y=_labels(classes),
            customdata=[each.name for each in classes],
            x=parts.astype(np.float32),
            orientation="h",
            text=[f"{part:+.3f}".replace("-", "−") for part in parts],
            textposition="outside",
            cliponaxis=False,
            marker={"color": colors.NEUTRAL},
            hovertemplate="%{customdata}: %{x:+.4f} bits<extra></extra>",
        )
    )
    return lay_out(
        figure,
        x=axis(
            "A saves, bits per character",
            range=[min(parts.min(), 0) - room, max(parts.max(), 0) + room],
            zeroline=True,
        ),
        y=_CLASSES,
        left=_LEFT,
        showlegend=False,
    )


_PANELS = 3  # side by side
_SYMBOLS = ("circle", "diamond", "square", "triangle-up")
# What a gate does where it is nearly 0, and where it is nearly 1.
_ENDS = {
    "i": ("input gate i", "blocks (i < 0.1)", "writes (i > 0.9)"),
    "f": ("forget gate f", "erases (f < 0.1)", "keeps (f > 0.9)"),
    "o": ("output gate o", "hides (o < 0.1)", "shows (o > 0.9)"),
    "r": ("reset gate r", "ignores memory (r < 0.1)", "uses memory (r > 0.9)"),
    "z": ("update gate z", "overwrites (z < 0.1)", "keeps (z > 0.9)"),
    "h": ("hidden state h", "h < −0.9", "h > 0.9"),
}


def saturation_map(found: Sequence[Saturation]) -> go.Figure:
    """One panel a gate, one point a unit: right is the share of steps near 1, up that near 0.

    Source: Karpathy, Johnson, Fei-Fei 2015, arXiv:1506.02078.
    """
    names = list(dict.fromkeys(each.name for each in found))
    layers = {each.layer for each in found}
    figure = make_subplots(
        rows=1,
        cols=max(len(names), _PANELS),  # as wide in one network as in another
        specs=[[{}] * len(names) + [None] * (_PANELS - len(names))],
        horizontal_spacing=0.1,
        subplot_titles=[_ENDS[name][0] for name in names],
    )
    for column, name in enumerate(names, start=1):
        _panel(figure, column, name)
    for each in found:
        column = names.index(each.name) + 1
        figure.add_trace(_points(each, is_named=column == 1), row=1, col=column)
    figure.update_layout(
        margin={"l": 62, "r": 12, "t": 52 if len(layers) > 1 else 30, "b": 62},
        hovermode="closest",
        showlegend=len(layers) > 1,
        legend={"orientation": "h", "y": 1.14, "yanchor": "bottom", "x": 0},
    )
    return figure


def _panel(figure: go.Figure, column: int, name: str) -> None:
    """The line that no unit can lie beyond, and what the axes mean."""
    border = go.Scatter(
        x=np.array([0, 1], np.float32),
        y=np.array([1, 0], np.float32),
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_trace(border, row=1, col=column)
    _, left, right = _ENDS[name]
    shared = {"range": [-0.04, 1.04], "tickvals": [0, 0.5, 1], "title": {"standoff": 6}}
    figure.update_xaxes(**shared, title_text=f"share of steps:<br>{right}", row=1, col=column)
    figure.update_yaxes(**shared, title_text=f"share of steps: {left}", row=1, col=column)


def _points(each: Saturation, *, is_named: bool) -> go.Scatter:
    place = each.layer % len(colors.LAYERS)
    return go.Scatter(
        x=each.right.astype(np.float32),
        y=each.left.astype(np.float32),
        text=[str(unit) for unit in range(len(each.left))],
        name=f"layer {each.layer + 1}",
        legendgroup=f"{each.layer}",
        showlegend=is_named,
        mode="markers",
        marker={
            "color": colors.LAYERS[place],
            "symbol": _SYMBOLS[place],
            "size": 7,
            "opacity": 0.65,
        },
        hovertemplate=f"layer {each.layer + 1}, unit %{{text}}<br>{_ENDS[each.name][2]}: "
        f"%{{x:.0%}}<br>{_ENDS[each.name][1]}: %{{y:.0%}}<extra></extra>",
    )
