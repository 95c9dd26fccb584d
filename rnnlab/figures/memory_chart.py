"""Loss against the number of characters that networks may remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, lay_out
from rnnlab.figures.rungs import NAME
from rnnlab.inspection.memory_length import MemoryLength


def memory_chart(
    found: Mapping[str, MemoryLength], ladder: Sequence[float], seq_lengths: Sequence[int]
) -> go.Figure:
    """One line a network with its knee, the n-gram models, and where training cut its gradients.

    Args:
        ladder: losses of the n-gram models of orders 0, 1, … over the same characters; n looks
            back on n − 1 of them, so orders below 2 are not drawn.
        seq_lengths: of the networks, drawn as upright lines.
    """
    figure = go.Figure()
    if len(ladder) > 2:
        figure.add_scatter(
            x=np.arange(1, len(ladder) - 1),
            y=np.array(ladder[2:]),
            name=NAME,
            mode="lines+markers",
            line={"color": colors.NEUTRAL, "width": 1.5, "dash": "dot"},
            hovertemplate="%{y:.3f}",
        )
    for index, (name, memory) in enumerate(found.items()):
        _add(figure, name, memory, index)
    for length in sorted(set(seq_lengths)):
        figure.add_vline(x=length, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x=axis("characters that it may read", type="log", dtick=0.30103),
        y="loss, nats per character",
        hovermode="x unified",
    )


def _add(figure: go.Figure, name: str, memory: MemoryLength, index: int) -> None:
    color, dash = colors.series_line(index)
    figure.add_scatter(
        x=np.arange(1, len(memory.losses) + 1),
        y=memory.losses.astype(np.float32),
        name=name,
        mode="lines",
        line={"color": color, "width": 2, "dash": dash},
        hovertemplate="%{y:.3f}",
    )
    if memory.knee is not None:
        figure.add_scatter(
            x=[memory.knee],
            y=memory.losses[[memory.knee - 1]].astype(np.float32),
            name=f"{name}: knee",
            mode="markers",
            marker={"color": color, "size": 11, "symbol": "circle-open", "line": {"width": 3}},
            showlegend=False,
            hoverinfo="skip",
        )
