"""How gradients fade with the steps they travel back, measured beside what theory allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.labels import label
from rnnlab.figures.layout import axis, lay_out

_LOWEST, _HIGHEST = 1e-18, 1e18  # of the axis: what lies beyond helps nobody to learn
_ROOM = 0.05  # of the axis, below what was measured, and twice that above


@dataclass(frozen=True, eq=False)
class DecayLine:
    """One curve."""

    name: str
    norms: np.ndarray  # (lags,) relative to lag 0
    color: int | None  # place among the colors of chosen things; None: what carries no meaning
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
            annotation_position="top right",
        )
    return lay_out(
        figure,
        x=axis("lag t − s, in characters", rangemode="tozero"),
        y=axis(
            f"‖∂L<sub>t</sub>/∂{state}<sub>s</sub>‖, relative to lag 0",
            type="log",
            exponentformat="power",
            range=_range(lines),
        ),
        left=78,
        hovermode="x unified",
    )


def _drawn(norms: np.ndarray) -> np.ndarray:
    return np.isfinite(norms) & (norms > _LOWEST) & (norms < _HIGHEST)


def _range(lines: Sequence[DecayLine]) -> list[float]:
    """What the axis shows, in powers of ten: all that was measured; theory may leave it."""
    measured = [line.norms[_drawn(line.norms)] for line in lines if not line.is_theory]
    shown = np.log10(np.concatenate([np.ones(1), *measured]))
    room = _ROOM * max(shown.max() - shown.min(), 1.0)
    return [float(shown.min() - room), float(shown.max() + 2 * room)]


def _trace(line: DecayLine) -> go.Scatter:
    shown = _drawn(line.norms)
    color = colors.NEUTRAL if line.color is None else colors.series_line(line.color)[0]
    return go.Scatter(
        x=np.flatnonzero(shown).astype(np.float32),
        y=line.norms[shown],
        name=label(line.name),
        mode="lines",
        line={"color": color, "width": 1.2 if line.is_theory else 2.2, "dash": line.dash},
        hovertemplate="%{y:.2e}",
    )
