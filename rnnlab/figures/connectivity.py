"""Which characters predictions depend on: matrices side by side, and how far back they look."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, chart_layout, label, lay_out
from rnnlab.text.visible import visible

_DECADES = 4  # of a logarithmic color scale
_FADED = -18  # decades below the largest value: also what is 0 is drawn there
_LAG_DECADES = 6  # of the axis of means, at first
_POINTS = 1_500  # of the figure that compares two measures
_TITLE = 16  # characters in a line of the title of a matrix
_MIN_MEASURE = 1e-7  # below it, a measure in 32 bits is noise


def dependence_maps(
    found: Mapping[str, np.ndarray], text: str, *, start: int, unit: str, is_log: bool
) -> go.Figure:
    """One matrix a network, on one color scale; what is read runs across, predictions run down.

    Args:
        found: (T, T) by name, empty above the diagonal.
        text: T + 1 characters, the first of them at `start` of a longer text.
    """
    signs = [f"{start + i}: {label(sign)}" for i, sign in enumerate(visible(text))]
    high = max(float(values.max()) for values in found.values()) or 1.0
    titles = [_in_lines(name) if len(found) > 1 else label(name) for name in found]
    figure = make_subplots(
        cols=len(found),
        shared_yaxes=True,
        horizontal_spacing=0.02,
        subplot_titles=titles,
        x_title="character read (position: sign)",  # one for all
    )
    for column, values in enumerate(found.values(), 1):
        cells = _cells(values, signs, high, unit, is_log=is_log)
        cells.showscale = column == len(found)
        figure.add_trace(cells, row=1, col=column)
    figure.update_annotations(font={"size": 14})
    figure.update_xaxes(nticks=5 if len(found) < 3 else 3, tickangle=0, showgrid=False)
    figure.update_yaxes(autorange="reversed", nticks=12, showgrid=False, ticks="")
    figure.update_yaxes(title={"text": "character predicted"}, col=1)
    place = f"{start} {len(signs)}"  # other characters forget the zoom
    figure.update_xaxes(uirevision=place)
    figure.update_yaxes(uirevision=place)
    top = 12 + 18 * max(title.count("<br>") + 1 for title in titles)
    figure.update_layout(margin={"l": 84, "r": 10, "t": top, "b": 48}, hovermode="closest")
    return figure


def _in_lines(name: str) -> str:
    """A title that does not reach the next matrix on a narrow screen."""
    return "<br>".join(label(line) for line in textwrap.wrap(name, _TITLE))


def _cells(
    values: np.ndarray, signs: Sequence[str], high: float, unit: str, *, is_log: bool
) -> go.Heatmap:
    top = math.log10(high)
    with np.errstate(divide="ignore"):
        z = np.log10(values / high).clip(_FADED) + top if is_log else values.copy()
    z[np.triu_indices(len(z), 1)] = np.nan
    shown = "10<sup>%{z:.1f}</sup>" if is_log else "%{z:.3f}"
    return go.Heatmap(
        z=z.astype(np.float32),
        x=list(signs[:-1]),
        y=list(signs[1:]),
        zmin=top - _DECADES if is_log else 0,
        zmax=top if is_log else high,
        colorscale=colors.SEQUENTIAL,
        colorbar={
            "title": {"text": unit},
            "thickness": 12,
            "outlinewidth": 0,
            **_ticks(top, is_log),
        },
        hovertemplate=f"prediction of %{{y}}<br>depends on %{{x}}: {shown} {unit}<extra></extra>",
        hoverongaps=False,
        meta={"scale": "sequential"},
    )


def _ticks(top: float, is_log: bool) -> dict[str, list]:
    if not is_log:
        return {}
    powers = range(math.ceil(top - _DECADES), math.floor(top) + 1)
    return {"tickvals": list(powers), "ticktext": [f"10<sup>{power}</sup>" for power in powers]}


def lag_chart(found: Mapping[str, np.ndarray], unit: str) -> go.Figure:
    """The mean dependence against the distance, one line a network, both axes logarithmic.

    Args:
        found: (K,) by name, for the character just before the predicted one, the one before it …
    """
    figure = go.Figure()
    for index, (name, means) in enumerate(found.items()):
        color, dash = colors.series_line(index)
        shown = means > 0
        figure.add_scatter(
            x=np.flatnonzero(shown) + 1,
            y=means[shown].astype(np.float32),
            name=label(name),
            mode="lines",
            line={"color": color, "width": 2, "dash": dash},
            hovertemplate="%{y:.2e}",
        )
    return lay_out(
        figure,
        x=axis("characters back", type="log"),
        y=axis(f"mean dependence, {unit}", type="log", exponentformat="power", **_range(found)),
        left=70,
        hovermode="x unified",
    )


def _range(found: Mapping[str, np.ndarray]) -> dict[str, list[float]]:
    """What to show of the means: six decades, if there is more."""
    positive = np.concatenate([means[means > 0] for means in found.values()])
    if not len(positive):
        return {}
    low, high = (math.log10(value) for value in (positive.min(), positive.max()))
    return {"range": [max(low, high - _LAG_DECADES) - 0.1, high + 0.2]}


def measures_chart(gradient: np.ndarray, occluded: np.ndarray) -> go.Figure:
    """Two measures of the same pairs of characters; color says how far apart these stand.

    Args:
        gradient: (T, T) in logits; occluded: (T, T) in nats. At most 1,500 pairs are drawn, by
            chance but always the same.
    """
    rows, columns = np.tril_indices(len(gradient))
    drawn = np.random.default_rng(1).permutation(len(rows))[:_POINTS]
    rows, columns = rows[drawn], columns[drawn]
    x, y = (np.maximum(each[rows, columns], _MIN_MEASURE) for each in (gradient, occluded))
    lags = rows - columns + 1
    far = max(int(lags.max()), 2)
    powers = [k for k in (1, 2, 5, 10, 20, 50, 100, 200) if k <= far]
    points = go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        customdata=lags.astype(np.int32),
        mode="markers",
        marker={
            "size": 5,
            "opacity": 0.7,
            "color": np.log10(lags).astype(np.float32),
            "colorscale": "Viridis",
            "cmin": 0,
            "cmax": math.log10(far),
            "colorbar": {
                "title": {"text": "characters back", "side": "top"},
                "orientation": "h",
                "y": 1,
                "yanchor": "bottom",
                "thickness": 12,
                "outlinewidth": 0,
                "tickvals": [math.log10(k) for k in powers],
                "ticktext": [f"{k}" for k in powers],
            },
        },
        hovertemplate="%{customdata} back<br>gradient %{x:.2e}<br>occlusion %{y:.2e}"
        "<extra></extra>",
    )
    power = {"type": "log", "exponentformat": "power"}
    return go.Figure(
        data=[points],
        layout=chart_layout(
            x=axis("gradient, logits", **power),
            y=axis("occlusion, nats", **power),
            left=70,
            right=10,
            top=64,
        ),
    )
