"""The eigenvalues of weights from state to state, beside the unit circle."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout

_ROOM = 1.1  # shown beyond the largest
_FARTHEST = 2.2  # so far out those as they were are in sight: else the circle would be a dot


def eigenvalue_chart(now: np.ndarray, before: np.ndarray, block: str) -> go.Figure:
    """Points in the complex plane: as the network has them, and rescaled.

    Args:
        now: (H,) complex, drawn full; before: (H,) as they were, drawn pale and empty.
        block: name of the block of W_hh, for the words.
    """
    farthest = float(np.abs(before).max())
    end = _ROOM * max(1.0, float(np.abs(now).max()), min(farthest, _FARTHEST))
    was = "as it is" if farthest <= end else f"as it is (up to |λ| = {farthest:.1f})"
    shared = {"range": [-end, end], "zeroline": True, "constrain": "domain"}
    return go.Figure(
        data=[
            _points(before, was, colors.NEUTRAL, "circle-open", 0.6),
            _points(now, "rescaled", colors.CHANGED, "circle", 0.9),
        ],
        layout=chart_layout(
            x=axis(f"real part of λ, block {block}", **shared),
            y=axis("imaginary part of λ", **shared, scaleanchor="x"),
            uirevision=f"{block} {end:.3f}",
            shapes=[
                {
                    "type": "circle",
                    **{"x0": -1, "x1": 1, "y0": -1, "y1": 1},
                    "line": {"color": colors.TEXT, "width": 1.5},
                    "layer": "below",
                }
            ],
        ),
    )


def _points(values: np.ndarray, name: str, color: str, symbol: str, opacity: float) -> go.Scatter:
    return go.Scatter(
        x=values.real.astype(np.float32),
        y=values.imag.astype(np.float32),
        customdata=np.abs(values).astype(np.float32),
        name=name,
        mode="markers",
        marker={"color": color, "size": 7, "symbol": symbol},
        opacity=opacity,
        hovertemplate="λ = %{x:.3f} %{y:+.3f} i<br>|λ| = %{customdata:.3f}<extra></extra>",
    )
