"""How fast gradients fade or grow over the steps they travel back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout
from rnnlab.inspection.gradient_flow import Flow

_LOWEST = 1e-18  # of the axis: what is smaller helps nobody to learn


def gradient_flow_chart(flows: Mapping[str, Flow]) -> go.Figure:
    """Gradient norms against the lag, one line a network, each relative to its own lag 0."""
    traces = [_trace(name, flow, k) for k, (name, flow) in enumerate(flows.items())]
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis("steps back from the loss", rangemode="tozero"),
            y=axis(
                "gradient by the hidden state,<br>relative to the last step",
                type="log",
                exponentformat="power",
            ),
            left=70,
            right=28,
            hovermode="x unified",
        ),
    )


def _trace(name: str, flow: Flow, index: int) -> go.Scatter:
    relative = flow.norms / flow.norms[0]
    shown = np.isfinite(relative) & (relative > _LOWEST)
    color, dash = colors.series_line(index)
    return go.Scatter(
        x=np.flatnonzero(shown).astype(np.float32),
        y=relative[shown],
        name=name,
        mode="lines",
        line={"color": color, "width": 2, "dash": dash},
        hovertemplate="%{y:.2e}",
    )
