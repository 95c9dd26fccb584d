"""A corpus cut into training, validation and test part, drawn to scale."""

from __future__ import annotations

import plotly.graph_objects as go

from rnnlab.figures import colors

_PARTS = (
    ("training", colors.TRAINING),
    ("validation", colors.VALIDATION),
    ("test", colors.TEST),
)
_NARROW = 0.08  # share below which a label does not fit into its piece


def split_bar(sizes: tuple[int, int, int], what: str) -> go.Figure:
    """One bar whose pieces are as long as the parts are large.

    Args:
        sizes: of the training, validation and test part; a part of 0 is left out.
        what: the unit of the sizes, such as "characters".
    """
    total = max(1, sum(sizes))
    traces = [
        go.Bar(
            x=[size],
            y=[""],
            orientation="h",
            name=f"{name}: {size:,} {what} ({size / total:.1%})",
            marker={"color": color, "line": {"width": 0}},
            text=f"{name}<br>{size / total:.1%}" if size / total >= _NARROW else "",
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"color": colors.BACKGROUND, "size": 14},
            hovertemplate=f"{name}: {size:,} {what} ({size / total:.1%})<extra></extra>",
        )
        for (name, color), size in zip(_PARTS, sizes, strict=True)
        if size
    ]
    return go.Figure(
        data=traces,
        layout={
            "barmode": "stack",
            "bargap": 0.1,
            "margin": {"l": 10, "r": 10, "t": 8, "b": 44},
            "legend": {
                "orientation": "h",
                "y": 1.04,
                "yanchor": "bottom",
                "x": 0,
                "traceorder": "normal",
            },
            "xaxis": {
                "title": {"text": f"{what} from the beginning"},
                "range": [0, total],
                "uirevision": f"{total}",
                "tickformat": ",d",
            },
            "yaxis": {"visible": False, "fixedrange": True},
        },
    )
