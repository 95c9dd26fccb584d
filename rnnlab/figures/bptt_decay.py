"""How gradients fade with the steps they travel back, measured beside what theory allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label

_LOWEST, _HIGHEST = 1e-18, 1e18  # of the axis: what lies beyond helps nobody to learn


@dataclass(frozen=True, eq=False)
class DecayLine:
    """One curve."""

    name: str
    norms: np.ndarray  # (lags,) relative to lag 0
    color: int  # place among the colors of chosen things
    dash: str = "solid"  # "dot" of fresh networks, "dash" of theory
    is_theory: bool = False


def decay_chart(lines: Sequence[DecayLine], state: str, seq_length: int | None) -> go.Figure:
    """Norms against the lag on a logarithmic axis: a straight line halves in equal steps.

    Args:
        state: "h" or "c", for the words.
        seq_length: through which training let gradients flow, drawn upright; None: not.
    """
    figure = go.Figure([_trace(line) for line in lines])
    lags = max((len(line.norms) for line in lines), default=1)
    if seq_length is not None and seq_length < lags:
        figure.add_vline(
            x=seq_length,
            line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"},
            annotation={"text": "sequence length", "font": {"color": colors.NEUTRAL}},
        )
    return figure.update_layout(
        margin={"l": 78, "r": 20, "t": 8, "b": 44},
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0},
        xaxis={"title": {"text": "lag t − s, in characters"}, "rangemode": "tozero"},
        yaxis={
            "title": {"text": f"‖∂L<sub>t</sub>/∂{state}<sub>s</sub>‖, relative to lag 0"},
            "type": "log",
            "exponentformat": "power",
            "dtick": "D1" if _decades(lines) < 2 else None,
        },
    )


def _drawn(norms: np.ndarray) -> np.ndarray:
    return np.isfinite(norms) & (norms > _LOWEST) & (norms < _HIGHEST)


def _decades(lines: Sequence[DecayLine]) -> float:
    shown = np.concatenate([line.norms[_drawn(line.norms)] for line in lines] or [np.ones(1)])
    return float(np.log10(shown.max() / shown.min())) if len(shown) else 0.0


def _trace(line: DecayLine) -> go.Scatter:
    shown = _drawn(line.norms)
    color, _ = colors.series_line(line.color)
    return go.Scatter(
        x=np.flatnonzero(shown).astype(np.float32),
        y=line.norms[shown],
        name=label(line.name),
        mode="lines",
        line={"color": color, "width": 1.2 if line.is_theory else 2.2, "dash": line.dash},
        hovertemplate="%{y:.2e}",
    )
