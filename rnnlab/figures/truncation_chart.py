"""What is lost of a gradient that may go back through k steps only."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, lay_out
from rnnlab.inspection.truncation import Against, Truncation

KINDS = {"reach": "at most k back", "windows": "windows of k"}
_DASHES = {"reach": "solid", "windows": "dash"}
_WORDS = {
    "error": "‖g<sub>k</sub> − g‖ / ‖g‖",
    "cosine": "cosine of the angle to the full gradient",
}


def truncation_chart(
    found: Mapping[str, Truncation], what: str, seq_length: int | None
) -> go.Figure:
    """One line a network and kind of truncation, against k.

    Args:
        found: by the name of the network.
        what: "error" or "cosine".
        seq_length: that of training, drawn upright; None: not.
    """
    figure = go.Figure()
    for place, (name, truncation) in enumerate(found.items()):
        for kind in KINDS:
            figure.add_trace(_line(truncation, kind, what, name, place))
    longest = max((int(each.lengths[-1]) for each in found.values()), default=1)
    if seq_length is not None and seq_length <= longest:
        figure.add_vline(x=seq_length, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x=axis("k, in steps", type="log", dtick=float(np.log10(2))),
        y=axis(_WORDS[what], rangemode="tozero"),
        left=64,
        hovermode="x unified",
    )


def _line(truncation: Truncation, kind: str, what: str, name: str, place: int) -> go.Scatter:
    against: Against = getattr(truncation, kind)
    color, _ = colors.series_line(place)
    return go.Scatter(
        x=truncation.lengths.astype(np.float32),
        y=getattr(against, what),
        customdata=against.steps.astype(np.float32),
        name=f"{label(name)}: {KINDS[kind]}",
        mode="lines+markers",
        line={"color": color, "width": 2, "dash": _DASHES[kind]},
        marker={"size": 5},
        hovertemplate="%{y:.4f} (%{customdata:.1f} steps on average)",
    )
