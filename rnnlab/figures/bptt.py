"""The page on gradients through time: decay, whose loss reaches which step, truncation, clipping.

Also the eigenvalues of the weights from state to state, beside the unit circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout, label, lay_out
from rnnlab.inspection.gradients.bptt import Against, Truncation
from rnnlab.inspection.gradients.clipping import Clipped
from rnnlab.text.visible import visible

_MIN_ON_AXIS, _MAX_ON_AXIS = 1e-18, 1e18  # of the axis: what lies beyond helps nobody to learn
_DECAY_MARGIN = 0.05  # of the axis, below what was measured, and twice that above


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
    return np.isfinite(norms) & (norms > _MIN_ON_AXIS) & (norms < _MAX_ON_AXIS)


def _range(lines: Sequence[DecayLine]) -> list[float]:
    """What the axis shows, in powers of ten: all that was measured; theory may leave it."""
    measured = [line.norms[_drawn(line.norms)] for line in lines if not line.is_theory]
    shown = np.log10(np.concatenate([np.ones(1), *measured]))
    room = _DECAY_MARGIN * max(shown.max() - shown.min(), 1.0)
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


MIN_POWER, MAX_POWER = -8, 2  # powers of ten at which the colors end, the same for every network
_DIGITS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_GAP = 0.03  # between panels, as a share of the figure
_TITLE = 28  # pixels above each panel
_MAX_MATRIX_LABELS = 64  # characters that stand side by side under a panel that has the width
_WIDE = 2  # up to so many panels in a row, characters stand at their axes


@dataclass(frozen=True, eq=False)
class Panel:
    """One network."""

    title: str
    norms: np.ndarray | None  # (T, T) from `inspection.bptt`; None: no such network


def bptt_matrices(
    panels: Sequence[Panel], text: str, *, columns: int, state: str, height: int, start: int = 0
) -> go.Figure:
    """Panels side by side, row by row; hover says t, s, the characters and the norm.

    Args:
        text: T + 1 characters; row t is the loss of predicting the one after the t-th.
        columns: how many panels stand in a row.
        state: "h" or "c", for the words.
        height: of the whole figure, in pixels.
        start: position of the first character in a longer text.
    """
    signs = [label(sign) for sign in visible(text)]
    reads = [f"{start + s} {signs[s]}" for s in range(len(signs) - 1)]
    losses = [f"{start + t} {signs[t]} → {signs[t + 1]}" for t in range(len(signs) - 1)]
    rows = -(-len(panels) // columns)
    layout: dict[str, Any] = {
        "margin": {"l": 56 if columns <= _WIDE else 40, "r": 10, "t": 4, "b": 44},
        "hovermode": "closest",
        "annotations": [],
    }
    data = []
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        x, y = _domains(row, column, rows, columns, height)
        number = "" if place == 0 else str(place + 1)
        layout[f"xaxis{number}"] = _axis(signs[:-1], columns, x, f"y{number}", row == rows - 1)
        layout[f"yaxis{number}"] = _axis(signs[1:], columns, y, f"x{number}", column == 0) | {
            "autorange": "reversed",  # the first loss at the top
        }
        layout["annotations"] += _words(panel, x, y)
        norms = np.full((len(reads),) * 2, np.nan) if panel.norms is None else panel.norms
        data.append(_triangle(norms, reads, losses, number, state, is_first=place == 0))
    return go.Figure(data=data, layout=layout | {"uirevision": f"{start} {len(text)} {columns}"})


def _domains(
    row: int, column: int, rows: int, columns: int, height: int
) -> tuple[list[float], list[float]]:
    width, tall = (1 + _GAP) / columns, 1 / rows
    title = _TITLE / height
    return (
        [column * width, (column + 1) * width - _GAP],
        [1 - (row + 1) * tall + (_GAP if row < rows - 1 else 0), 1 - row * tall - title],
    )


def _axis(
    signs: list[str], columns: int, domain: list[float], anchor: str, is_outer: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "category",
        "domain": domain,
        "anchor": anchor,
        "showgrid": False,
        "ticks": "",
        "showticklabels": False,
    }
    is_x = anchor.startswith("y")
    if is_outer:
        words = "step s: the character read" if is_x else "loss at t: the one to predict"
        found["title"] = {"text": words, "standoff": 4}
    if columns <= _WIDE and len(signs) <= _MAX_MATRIX_LABELS:
        found |= {
            "showticklabels": True,
            "tickvals": np.arange(len(signs)),
            "ticktext": signs,
            "tickangle": 0,
            "tickfont": {"size": 9},
        }
    return found


def _words(panel: Panel, x: list[float], y: list[float]) -> list[dict[str, Any]]:
    common = {"xref": "paper", "yref": "paper", "showarrow": False}
    title = {
        "text": f"<b>{label(panel.title)}</b>",
        "x": x[0],
        "y": y[1],
        "xanchor": "left",
        "yanchor": "bottom",
    }
    found = [common | title]
    if panel.norms is None:
        middle = {"x": sum(x) / 2, "y": sum(y) / 2, "font": {"color": colors.NEUTRAL}}
        found.append(common | middle | {"text": "no such run here"})
    return found


def _triangle(
    norms: np.ndarray, reads: list[str], losses: list[str], number: str, state: str, is_first: bool
) -> go.Heatmap:
    future = np.triu(np.ones(norms.shape, bool), 1)
    with np.errstate(divide="ignore"):
        powers = np.clip(np.log10(norms), MIN_POWER, MAX_POWER)
    told = np.minimum(norms, np.finfo(np.float32).max)
    ticks = list(range(MIN_POWER, MAX_POWER + 1, 2))
    return go.Heatmap(
        z=np.where(future, np.nan, powers).astype(np.float32),
        customdata=told.astype(np.float32),
        x=reads,
        y=losses,
        xaxis=f"x{number}",
        yaxis=f"y{number}",
        zmin=MIN_POWER,
        zmax=MAX_POWER,
        colorscale=colors.SEQUENTIAL,
        meta={"scale": "sequential"},
        showscale=is_first,
        hoverongaps=False,
        colorbar={
            "title": {"text": f"‖∂L/∂{state}‖", "side": "right"},
            "len": 0.92,  # below the titles, which may be longer than a narrow panel
            "y": 0,
            "yanchor": "bottom",
            "thickness": 12,
            "outlinewidth": 0,
            "tickvals": ticks,
            "ticktext": [power_of_ten(tick) for tick in ticks],
        },
        hovertemplate=f"loss at t = %{{y}}<br>felt at s = %{{x}}<br>‖∂L<sub>t</sub>/∂{state}"
        "<sub>s</sub>‖ = %{customdata:.2e}<extra></extra>",
    )


def power_of_ten(power: int) -> str:
    """Such as '10⁻³'."""
    return f"10{str(power).translate(_DIGITS)}"


_EIGENVALUE_MARGIN = 1.1  # shown beyond the largest
_FARTHEST = 2.2  # so far out those as they were are in sight: else the circle would be a dot


def eigenvalue_chart(now: np.ndarray, before: np.ndarray, block: str) -> go.Figure:
    """Points in the complex plane: as the network has them, and rescaled.

    Args:
        now: (H,) complex, drawn full; before: (H,) as they were, drawn pale and empty.
        block: name of the block of W_hh, for the words.
    """
    farthest = float(np.abs(before).max())
    end = _EIGENVALUE_MARGIN * max(1.0, float(np.abs(now).max()), min(farthest, _FARTHEST))
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


TRUNCATION_KINDS = {"reach": "at most k back", "windows": "windows of k"}
_TRUNCATION_DASHES = {"reach": "solid", "windows": "dash"}
_TRUNCATION_WORDS = {
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
        for kind in TRUNCATION_KINDS:
            figure.add_trace(_truncation_line(truncation, kind, what, name, place))
    longest = max((int(each.lengths[-1]) for each in found.values()), default=1)
    if seq_length is not None and seq_length <= longest:
        figure.add_vline(x=seq_length, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x=axis("k, in steps", type="log", dtick=float(np.log10(2))),
        y=axis(_TRUNCATION_WORDS[what], rangemode="tozero"),
        left=64,
        hovermode="x unified",
    )


def _truncation_line(
    truncation: Truncation, kind: str, what: str, name: str, place: int
) -> go.Scatter:
    against: Against = getattr(truncation, kind)
    color, _ = colors.series_line(place)
    return go.Scatter(
        x=truncation.lengths.astype(np.float32),
        y=getattr(against, what),
        customdata=against.steps.astype(np.float32),
        name=f"{label(name)}: {TRUNCATION_KINDS[kind]}",
        mode="lines+markers",
        line={"color": color, "width": 2, "dash": _TRUNCATION_DASHES[kind]},
        marker={"size": 5},
        hovertemplate="%{y:.4f} (%{customdata:.1f} steps on average)",
    )


BEFORE, BY_NORM, BY_VALUE = colors.NEUTRAL, colors.GRADIENT_NORM, colors.PALETTE[5]
CLIPPING_NAMES = {"norm": "clipped by norm", "value": "clipped by value"}
_CLIPPING_COLORS = {"norm": BY_NORM, "value": BY_VALUE}
ROW_HEIGHT = 52  # pixels for each tensor


def clipping_bars(before: Mapping[str, float], after: Mapping[str, Clipped]) -> go.Figure:
    """Norms per tensor: before, and after each kind of clipping.

    Args:
        before: norm of each tensor's gradient; after: by kind, "norm" and "value".
    """
    names = list(before)
    figure = go.Figure(_bars(names, list(before.values()), "before", BEFORE))
    for kind, found in after.items():
        norms = [found.norms[name] for name in names]
        figure.add_trace(_bars(names, norms, CLIPPING_NAMES[kind], _CLIPPING_COLORS[kind]))
    return lay_out(
        figure,
        x=axis("norm of the gradient by this tensor", rangemode="tozero"),
        y={"autorange": "reversed", "showgrid": False},
        left=130,
        barmode="group",
        hovermode="y unified",
    )


def _bars(names: Sequence[str], norms: Sequence[float], name: str, color: str) -> go.Bar:
    return go.Bar(
        y=list(names),
        x=np.array(norms),
        name=name,
        orientation="h",
        marker={"color": color},
        hovertemplate="%{x:.3g}",
    )


def direction_chart(
    limits: Sequence[float], by_kind: Mapping[str, Sequence[Clipped]], limit: float
) -> go.Figure:
    """Cosine against the limit θ for both kinds, and what share of elements a value limit touches.

    Args:
        limits: θ, ascending; by_kind: what each of them leaves; limit: the one that is chosen.
    """
    figure = go.Figure()
    for kind, found in by_kind.items():
        cosines = [each.cosine for each in found]
        figure.add_trace(
            _clipping_line(
                limits, cosines, f"cosine, {CLIPPING_NAMES[kind]}", _CLIPPING_COLORS[kind]
            )
        )
    touched = [each.touched for each in by_kind["value"]]
    figure.add_trace(
        _clipping_line(limits, touched, "share of elements touched by value", BY_VALUE, "dot")
    )
    figure.add_vline(x=limit, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x=axis("limit θ", type="log", dtick=1, exponentformat="power"),
        y=axis("cosine, or share of elements", range=[-0.03, 1.05]),
        hovermode="x unified",
    )


def _clipping_line(
    x: Sequence[float], y: Sequence[float], name: str, color: str, dash: str = "solid"
) -> go.Scatter:
    return go.Scatter(
        x=np.array(x),
        y=np.array(y),
        name=name,
        mode="lines+markers",
        line={"color": color, "width": 2, "dash": dash},
        marker={"size": 5},
        hovertemplate="%{y:.3f}",
    )
