"""What changed units and one exchanged character do: to the text, the loss and the states.

Two texts side by side are escaped HTML, with marks where they differ position by position.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, label, lay_out
from rnnlab.inspection.interventions.clamping import Cost, CostRanking, Usual
from rnnlab.inspection.interventions.paired_samples import Effect
from rnnlab.inspection.writing import first_difference
from rnnlab.network.sampling import likeliest
from rnnlab.text.visible import visible


def range_chart(
    usual: Usual, units: Sequence[int], targets: Mapping[int, float], name: str
) -> go.Figure:
    """Where units lie on real text, and where they are held.

    Args:
        targets: the value at which each unit is held; none where it is moved.
    """
    names = [f"unit {unit}" for unit in units]
    gap = np.full(len(units), np.nan)
    chosen = list(units)
    figure = go.Figure()
    figure.add_scatter(
        x=np.column_stack([usual.low[chosen], usual.high[chosen], gap]).ravel(),
        y=[each for each in names for _ in range(3)],
        name="1st to 99th percentile",
        mode="lines+markers",
        line={"color": colors.NEUTRAL, "width": 5},
        marker={"symbol": "line-ns-open", "size": 12},
        hovertemplate="%{y}: percentile at %{x:.3f}<extra></extra>",
    )
    figure.add_scatter(
        x=usual.mean[chosen],
        y=names,
        name="mean",
        mode="markers",
        marker={"color": colors.TEXT, "size": 11},
        hovertemplate="%{y}: mean %{x:.3f}<extra></extra>",
    )
    if targets:
        figure.add_scatter(
            x=[targets[unit] for unit in units],
            y=names,
            name="held here",
            mode="markers",
            marker={"color": colors.CHANGED, "size": 13, "symbol": "diamond"},
            hovertemplate="%{y}: held at %{x:.3f}<extra></extra>",
        )
    return lay_out(
        figure,
        x=f"{name} on real text",
        y={"type": "category", "autorange": "reversed", "ticks": ""},
        left=70,
        bottom=40,
    )


def parting_chart(places: Sequence[int | None], length: int, seed: int) -> go.Figure:
    """How many characters each pair of texts has in common before it parts."""
    names = [str(seed + k) for k in range(len(places))]
    figure = go.Figure(
        go.Bar(
            x=[length if place is None else place for place in places],
            y=names,
            orientation="h",
            marker={"color": colors.NEUTRAL, "opacity": 0.75},
            text=["never" if place is None else str(place) for place in places],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="random seed %{y}: the same up to character %{x}<extra></extra>",
            name="equal characters",
        )
    )
    return lay_out(
        figure,
        x=axis("first character that differs", rangemode="tozero"),
        y=axis("random seed", type="category", autorange="reversed"),
        right=40,
        hovermode="y",  # a bar of no length can be met as well
    )


def effects_chart(effects: Sequence[Effect]) -> go.Figure:
    """Every sample a dot, untouched above changed, for each kind of character."""
    figure = go.Figure()
    sides = (("untouched", colors.NEUTRAL, -0.16), ("changed", colors.CHANGED, 0.16))
    for name, color, side in sides:
        values = [getattr(effect, name) for effect in effects]
        heights = [k + side for k, row in enumerate(values) for _ in row]
        figure.add_scatter(
            x=np.concatenate(values),
            y=heights,
            name=name,
            mode="markers",
            marker={"color": color, "size": 8, "opacity": 0.4},
            hovertemplate=f"{name}: %{{x:.1f}}<extra></extra>",
        )
        figure.add_scatter(
            x=[row.mean() for row in values],
            y=[k + side for k in range(len(values))],
            name=f"{name}, mean",
            mode="markers",
            marker={"color": color, "size": 17, "symbol": "line-ns-open", "line": {"width": 3}},
            hovertemplate=f"{name}: mean %{{x:.2f}}<extra></extra>",
        )
    return lay_out(
        figure,
        x=axis(effects[0].unit, rangemode="tozero"),
        y={
            "tickvals": list(range(len(effects))),
            "ticktext": [effect.name for effect in effects],
            "range": [len(effects) - 0.5, -0.5],
            "ticks": "",
        },
        left=100,
    )


def class_chart(cost: Cost) -> go.Figure:
    """What each class of characters adds to the change of the loss."""
    names = [each.name for each in cost.classes]
    figure = go.Figure(
        go.Bar(
            x=[each.share for each in cost.classes],
            y=names,
            orientation="h",
            marker={"color": colors.CHANGED, "opacity": 0.8},
            error_x={
                "type": "data",
                "array": [each.error for each in cost.classes],
                "color": colors.NEUTRAL,
                "thickness": 1.5,
            },
            customdata=[each.count for each in cost.classes],
            hovertemplate="%{y}: %{x:+.4f}, %{customdata:,} characters<extra></extra>",
            name="share of the change",
        )
    )
    return lay_out(
        figure,
        x="part of the change, nats per character",
        y={"type": "category", "autorange": "reversed", "ticks": ""},
        left=150,
    )


def bar_name(layer: int, unit: int, *, several: bool) -> str:
    """How a unit is named under its bar: with its layer, counted from 1, where there are more."""
    return f"{layer + 1}·{unit}" if several else f"{unit}"


def ranking_chart(rankings: Sequence[CostRanking], chosen: Sequence[tuple[int, int]]) -> go.Figure:
    """Δ of every unit as a bar, the costliest first; pale where luck could explain it.

    Args:
        rankings: one a layer.
        chosen: (layer, unit) to mark with a diamond.
    """
    several = len(rankings) > 1
    units = [(each.layer, unit) for each in rankings for unit in range(len(each.changes))]
    changes = np.concatenate([each.changes for each in rankings])
    errors = np.concatenate([each.errors for each in rankings])
    noise = np.concatenate([each.is_noise for each in rankings])
    order = np.argsort(-changes, kind="stable")
    names = np.array([bar_name(*unit, several=several) for unit in units])[order]
    figure = go.Figure()
    for name, mask, color, opacity in (
        ("beyond luck", ~noise, colors.CHANGED, 0.9),
        ("within luck", noise, colors.NEUTRAL, 0.45),
    ):
        shown = order[mask[order]]
        bars = _deltas(names[mask[order]], changes[shown], errors[shown])
        figure.add_trace(bars.update(name=name, marker={"color": color, "opacity": opacity}))
    marked = [bar_name(*unit, several=several) for unit in chosen if unit in units]
    heights = dict(zip(names.tolist(), changes[order].tolist(), strict=True))
    figure.add_scatter(
        x=marked,
        y=[heights[name] for name in marked],
        name="chosen",
        mode="markers",
        marker={"color": colors.TEXT, "size": 11, "symbol": "diamond"},
        hovertemplate="unit %{x}, chosen: %{y:+.4f}<extra></extra>",
    )
    return lay_out(
        figure,
        x=axis(
            "layer·unit, the costliest first" if several else "unit, the costliest first",
            type="category",
            categoryorder="array",
            categoryarray=names.tolist(),
            showgrid=False,
            uirevision=f"{len(names)}",
        ),
        y="Δ, nats per character",
        right=10,
        bottom=48,
        barmode="overlay",
        bargap=0.15,
        hovermode="x",  # so that low bars can be met anywhere above them
    )


def _deltas(names: np.ndarray, changes: np.ndarray, errors: np.ndarray) -> go.Bar:
    return go.Bar(
        x=names,
        y=changes,
        error_y={
            "type": "data",
            "array": np.nan_to_num(errors),
            "color": colors.NEUTRAL,
            "thickness": 0.8,
            "width": 0,
        },
        hovertemplate="unit %{x}: %{y:+.4f} nats per character<extra></extra>",
    )


_MAX_CANDIDATES = 12  # characters whose probabilities are drawn


def distance_chart(distances: np.ndarray, text: str, *, start: int, place: int) -> go.Figure:
    """‖h′ − h‖ of every layer over the text.

    Args:
        distances: (L, T); place: of the edit, counted from the beginning of `text`.
    """
    figure = go.Figure()
    signs = [label(sign) for sign in visible(text)]
    for layer, line in enumerate(distances):
        color, dash = colors.layer_line(layer)
        figure.add_scatter(
            x=np.arange(start, start + len(text), dtype=np.int32),
            y=line.astype(np.float32),
            text=signs,
            name=f"layer {layer + 1}",
            mode="lines",
            line={"color": color, "dash": dash, "width": 2},
            hovertemplate="%{y:.3f} after %{text}",
        )
    figure.add_vline(x=start + place, line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"})
    return lay_out(
        figure,
        x="position in the text (characters)",
        y=axis("length of h′ − h", rangemode="tozero"),
        hovermode="x unified",
        showlegend=True,
    )


def expected_chart(before: np.ndarray, after: np.ndarray, symbols: tuple[str, ...]) -> go.Figure:
    """What is expected to follow the exchanged character, and what was expected without.

    Args:
        before, after: (V,) probabilities.
    """
    order = likeliest(np.maximum(before, after), _MAX_CANDIDATES)
    names = [label(visible(symbols[k])) for k in order]
    sides = (
        ("as it was", before, colors.NEUTRAL),
        ("after the exchange", after, colors.CHANGED),
    )
    figure = go.Figure(
        [
            go.Bar(
                x=names,
                y=(100 * values[order]).astype(np.float32),
                name=name,
                marker={"color": color, "opacity": 0.85},
                hovertemplate=f"%{{x}} {name}: %{{y:.1f}} %<extra></extra>",
            )
            for name, values, color in sides
        ]
    )
    return lay_out(
        figure,
        x=axis("next character", type="category", tickangle=0),
        y=axis("probability, %", rangemode="tozero"),
        left=56,
        right=10,
    )


# Inherited colors, made pale or tinted: so one piece of HTML serves the light and the dark theme.
_BOX = (
    "font-family:monospace;font-size:0.92rem;line-height:1.6;"
    "overflow-wrap:anywhere;max-height:20rem;overflow:auto;padding:0.6rem 0.8rem;"
    "border:1px solid rgba(128,140,155,0.35);border-radius:0.5rem"
)
_SAME = "opacity:0.5"
_DIFFERENT = "background:rgba(209,87,10,0.24);border-radius:2px"
_FIRST = "background:rgba(209,87,10,0.55);font-weight:700;outline:2px solid currentColor"


def one_of_two(text: str, other: str) -> str:
    """A text as HTML: pale where the other has the same character at the same position.

    The first character that differs is framed; a newline shows its sign and breaks the line.
    """
    return f'<div style="{_BOX};white-space:break-spaces">{_marked(text, other, _sign)}</div>'


def one_above_the_other(above: str, below: str, width: int = 76) -> str:
    """Both texts in lines of equal length, so that equal positions stand above each other."""
    rows = []
    for start in range(0, max(len(above), len(below)), width):
        for text, other in ((above, below), (below, above)):
            rows.append(f"<div>{_marked(text, other, visible, start, start + width)}</div>")
        rows.append('<div style="height:0.55rem"></div>')
    return f'<div style="{_BOX};white-space:pre">{"".join(rows)}</div>'


def _marked(
    text: str, other: str, sign: Callable[[str], str], start: int = 0, stop: int | None = None
) -> str:
    """The characters from `start` on, those that are marked alike in one element."""
    first = first_difference(text, other)
    kinds = [_kind(i, character, other[i : i + 1], first) for i, character in enumerate(text)]
    places = range(len(text))[start:stop]
    return "".join(
        f'<span style="{style}">{html.escape("".join(sign(text[i]) for i in alike))}</span>'
        for style, alike in groupby(places, kinds.__getitem__)
    )


def _kind(i: int, character: str, other: str, first: int | None) -> str:
    if i == first:
        return _FIRST
    return _SAME if character == other else _DIFFERENT


def _sign(character: str) -> str:
    """A space as it is, a newline as its sign before the line breaks."""
    if character == "\n":
        return f"{visible(character)}\n"
    return character if character == " " else visible(character)
