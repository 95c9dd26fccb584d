"""A character RNN at work, unrolled in time: characters in, state carried, predictions out."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.diagram import arrow, box
from rnnlab.figures.layout import label
from rnnlab.inspection.predictions import Preview
from rnnlab.text.visible import visible

_COLUMN = 0.2  # half the width of a column of units, in steps
_BOX = 0.31  # half the width of a box with a character
_CELL = 0.42  # half the width of a candidate
_INPUT = (0.0, 1.0)  # bottom and top of the input boxes
_STATE = (2.0, 5.0)
_OUTPUT = (6.0, 9.0)


def unrolled(look: Preview) -> go.Figure:
    """Three rows over the characters of a text: what is read, what is held, what is expected."""
    steps = len(look.text)
    return go.Figure(
        data=[_hidden(look), _candidates(look)],
        layout={
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "xaxis": {
                "range": [-0.55, steps - 0.45],
                "visible": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "yaxis": {
                "range": [-0.15, _OUTPUT[1] + 0.15],
                "tickvals": [sum(_INPUT) / 2, sum(_STATE) / 2, sum(_OUTPUT) / 2],
                "ticktext": [
                    "<b>reads</b><br>a character",
                    f"<b>carries</b><br>{len(look.units)} of {look.hidden_size}<br>hidden units",
                    "<b>expects</b><br>next, and<br>how surely",
                ],
                "ticks": "",
                "showgrid": False,
                "showline": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "shapes": [box(t, *_INPUT, _BOX) for t in range(steps)] + _hits(look),
            "annotations": _characters(look.text) + _arrows(steps),
        },
    )


def _hidden(look: Preview) -> go.Heatmap:
    """Narrow columns of units with nothing between them."""
    steps, units = look.hidden.shape
    z = np.full((units, 2 * steps - 1), np.nan, np.float32)
    z[:, ::2] = look.hidden.T
    numbers = np.repeat(look.units[:, None], z.shape[1], axis=1)
    return go.Heatmap(
        x=_edges(steps, _COLUMN),
        y=np.linspace(*_STATE, units + 1),
        z=z,
        zmin=-1,
        zmax=1,
        colorscale=colors.DIVERGING,
        meta={"scale": "diverging"},
        showscale=False,
        customdata=numbers,
        hoverongaps=False,
        hovertemplate="hidden unit %{customdata}: %{z:.2f}<extra></extra>",
    )


def _candidates(look: Preview) -> go.Heatmap:
    """The likeliest next characters, the likeliest on top."""
    steps, rows = look.candidates.shape
    z = np.full((rows, 2 * steps - 1), np.nan, np.float32)
    z[:, ::2] = look.probabilities.T[::-1]
    text = np.full(z.shape, "", dtype=object)
    for t in range(steps):
        for rank in range(rows):
            sign = _sign(look, look.candidates[t, rank])
            text[rows - 1 - rank, 2 * t] = f"{sign}  {look.probabilities[t, rank]:.0%}"
    return go.Heatmap(
        x=_edges(steps, _CELL),
        y=np.linspace(*_OUTPUT, rows + 1),
        z=z,
        zmin=0,
        zmax=1.6,  # the text must stay readable on a sure prediction
        colorscale=colors.SEQUENTIAL,
        meta={"scale": "sequential"},
        showscale=False,
        text=text,
        texttemplate="%{text}",
        ygap=2,
        hoverongaps=False,
        hovertemplate="%{text}<extra></extra>",
    )


def _edges(steps: int, half: float) -> np.ndarray:
    """(2 · steps,) where the cells of each step begin and end."""
    return (np.arange(steps)[:, None] + np.array([-half, half])).ravel()


def _hits(look: Preview) -> list[dict[str, Any]]:
    """A frame around the candidate that the text has next."""
    rows = look.candidates.shape[1]
    height = (_OUTPUT[1] - _OUTPUT[0]) / rows
    following = look.vocabulary.encode(look.text)[1:]
    return [
        {
            "type": "rect",
            "x0": t - _CELL,
            "x1": t + _CELL,
            "y0": _OUTPUT[1] - (rank + 1) * height,
            "y1": _OUTPUT[1] - rank * height,
            "line": {"color": colors.TEST, "width": 2.5},
        }
        for t, answer in enumerate(following)
        for rank in np.flatnonzero(look.candidates[t] == answer).tolist()
    ]


def _characters(text: str) -> list[dict[str, Any]]:
    return [
        {
            "x": t,
            "y": sum(_INPUT) / 2,
            "text": f"<b>{label(sign)}</b>",
            "showarrow": False,
            "font": {"size": 20, "family": "monospace"},
        }
        for t, sign in enumerate(visible(text))
    ]


def _arrows(steps: int) -> list[dict[str, Any]]:
    middle = sum(_STATE) / 2
    up = [(t, _INPUT[1], t, _STATE[0]) for t in range(steps)]
    on = [(t + _COLUMN, middle, t + 1 - _COLUMN, middle) for t in range(steps - 1)]
    out = [(t, _STATE[1], t, _OUTPUT[0]) for t in range(steps)]
    return [arrow(*ends) for ends in (*up, *on, *out)]


def _sign(look: Preview, index: int) -> str:
    return label(visible(look.vocabulary.symbols[int(index)]))
