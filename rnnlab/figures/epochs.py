"""Losses epoch by epoch, and which characters cost how much."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.inspection.hard_characters import Hardness
from rnnlab.text.visible import visible


def epochs_chart(
    training: Sequence[float], validation: Sequence[float], test: float | None
) -> go.Figure:
    """The loss of each epoch: mean while it learned, and on validation text afterwards.

    Args:
        training, validation: nats per character, one an epoch; validation may be empty.
        test: after the last epoch; None when it was not measured.
    """
    traces = [_line("training, mean over the epoch", training, colors.TRAINING)]
    if validation:
        traces.append(_line("validation, after the epoch", validation, colors.VALIDATION))
    if test is not None:
        traces.append(
            go.Scatter(
                x=[len(training)],
                y=[test],
                name="test, at the end",
                mode="markers",
                marker={"color": colors.TEST, "size": 11, "symbol": "diamond"},
                hovertemplate="%{y:.3f}",
            )
        )
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis(
                "epoch",
                range=[0.5, len(training) + 0.5],
                dtick=max(1, len(training) // 10),
                uirevision=f"{len(training)}",
            ),
            y="loss, nats per character",
            right=28,
            hovermode="x unified",
            showlegend=True,
        ),
    )


def _line(name: str, losses: Sequence[float], color: str) -> go.Scatter:
    return go.Scatter(
        x=list(range(1, len(losses) + 1)),
        y=list(losses),
        name=name,
        mode="lines+markers",
        line={"color": color, "width": 2},
        marker={"size": 7},
        hovertemplate="%{y:.3f}",
    )


def hardness_bars(found: Sequence[Hardness], mean: float) -> go.Figure:
    """The loss of each kind of character or of each character, the hardest on top.

    Args:
        mean: loss of the whole text, drawn as a line.
    """
    ordered = list(found)[::-1]
    return go.Figure(
        data=[
            go.Bar(
                x=[each.loss for each in ordered],
                y=[_name(each) for each in ordered],
                orientation="h",
                marker={"color": colors.VALIDATION},
                text=[f"{each.loss:.2f}" for each in ordered],
                textposition="outside",
                cliponaxis=False,
                customdata=[[each.count, each.share] for each in ordered],
                hovertemplate="%{y}: %{x:.3f} nats on %{customdata[0]:,} places, "
                "%{customdata[1]:.0%} of the whole loss<extra></extra>",
            )
        ],
        layout=chart_layout(
            x=axis("loss, nats per character", rangemode="tozero"),
            y={"type": "category", "automargin": True, "ticksuffix": "  "},
            left=8,
            right=40,
            showlegend=False,
            shapes=[
                {
                    "type": "line",
                    "x0": mean,
                    "x1": mean,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": {"color": colors.NEUTRAL, "width": 1.5, "dash": "dash"},
                }
            ],
        ),
    )


def _name(found: Hardness) -> str:
    """A kind in words, or a character as its sign."""
    return label(found.what if len(found.what) > 1 else visible(found.what))
