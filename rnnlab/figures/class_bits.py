"""What two networks pay for the characters of each class, and where their difference comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, lay_out
from rnnlab.inspection.comparing import ClassBits

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
