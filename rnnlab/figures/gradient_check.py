"""Gradients against gradients: relative errors by tensor, and where in one tensor they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnlab.figures import colors
from rnnlab.figures.layout import axis, label, lay_out
from rnnlab.inspection.gradient_check.check import PASSES_BELOW, TensorCheck, element_errors
from rnnlab.network.cells import CELLS
from rnnlab.text.visible import visible

MIN_DRAWN = 1e-17  # drawn for 0, which has no logarithm
# Open marks of several sizes, so that equal errors do not hide each other.
_SYMBOLS, _SIZES = ("circle-open", "diamond-open", "x-thin"), (15, 9, 7)
_COLORS = (colors.SERIES[0], colors.SERIES[1], colors.SERIES[2])
# Pixels of a tensor, and of a legend of three lines, which stay when torch comes in later.
ROW, TOP = 30, 72


def error_dots(
    pairs: Mapping[str, Mapping[str, TensorCheck]], selected: str | None = None
) -> go.Figure:
    """A row for each tensor, a mark for each two gradients that are compared; a click tells `y`.

    Args:
        pairs: checks by tensor, by what is compared; at most three.
        selected: the tensor to mark.
    """
    figure = go.Figure()
    for index, (name, checks) in enumerate(pairs.items()):
        figure.add_scatter(
            x=[max(one.error, MIN_DRAWN) for one in checks.values()],
            y=list(checks),
            name=name,
            mode="markers",
            marker={
                "size": _SIZES[index],
                "symbol": _SYMBOLS[index],
                "color": _COLORS[index],
                "line": {"width": 2, "color": _COLORS[index]},
            },
            hovertemplate=f"%{{y}}<br>{name}: %{{x:.1e}}<extra></extra>",
        )
    figure.add_vline(
        x=PASSES_BELOW,
        line={"color": colors.NEUTRAL, "width": 1.5, "dash": "dash"},
    )
    if selected is not None:
        figure.add_hline(y=selected, line={"color": colors.NEUTRAL, "width": 18}, opacity=0.18)
    return lay_out(
        figure,
        x=axis(
            "relative error of the tensor (logarithmic)",
            type="log",
            range=[-17.4, 0.4],
            dtick=4,
            tick0=-16,
            exponentformat="power",
        ),
        y={"type": "category", "autorange": "reversed", "ticks": ""},
        left=140,
        top=TOP,
    )


def agreement(check: TensorCheck, first: str, second: str) -> go.Figure:
    """One gradient against the other, a point for each element; equal ones lie on the line.

    Args:
        first, second: what the two gradients are.
    """
    a, b = check.analytic.ravel(), check.numeric.ravel()
    most = float(max(np.abs(a).max(), np.abs(b).max())) or 1.0
    ends = np.array([-1.1, 1.1]) * most
    figure = go.Figure()
    figure.add_scatter(
        x=ends,
        y=ends,
        mode="lines",
        line={"color": colors.NEUTRAL, "width": 1, "dash": "dash"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=b,
        y=a,
        mode="markers",
        marker={"size": 7, "color": colors.SERIES[0], "opacity": 0.75},
        hovertemplate=f"{first} %{{y:.5g}}<br>{second} %{{x:.5g}}<extra></extra>",
        showlegend=False,
    )
    shared = {"range": list(ends), "zeroline": True, "exponentformat": "e"}
    return lay_out(
        figure,
        x=axis(f"{second},<br>nats per unit of weight", **shared),
        y=axis(first, **shared),
        left=70,
        right=10,
        bottom=60,
    )


_RANGE = (-12.0, 0.0)  # powers of ten that colors tell apart
_ROW = 13  # pixels
_MIN_HEIGHT, _AROUND = 140, 60


def element_heatmap(check: TensorCheck, cell: str, symbols: Sequence[str]) -> go.Figure:
    """The error of every element of a tensor, laid out as the tensor is.

    A bias of a recurrent layer has a row for each gate; that of the decoder is one row.

    Args:
        symbols: the characters of the vocabulary, in order.
    """
    rows, columns = element_names(check, cell, symbols)
    shape = len(rows), len(columns)
    errors = element_errors(check).reshape(shape)
    cells = go.Heatmap(
        z=np.log10(np.maximum(errors, 10 ** _RANGE[0])).astype(np.float32),
        zmin=_RANGE[0],
        zmax=_RANGE[1],
        xgap=1,
        ygap=1,
        colorscale=colors.SEQUENTIAL,
        colorbar=_color_bar(),
        text=[[label(f"{row}, {column}") for column in columns] for row in rows],
        customdata=np.stack(
            [check.analytic.reshape(shape), check.numeric.reshape(shape), errors], axis=-1
        ),
        hovertemplate="%{text}<br>%{customdata[0]:.6g} against %{customdata[1]:.6g}"
        "<br>error %{customdata[2]:.1e}<extra></extra>",
        meta={"scale": "sequential"},
    )
    figure = go.Figure(cells)
    return lay_out(
        figure,
        x=_axis(columns, _across(check)),
        y=_axis(rows, _down(check, cell)) | {"autorange": "reversed"},
        left=64,
        right=10,
        shapes=_between_gates(check, cell, shape),
    )


def heatmap_height(check: TensorCheck, cell: str) -> int:
    """Pixels in which every row of a tensor can be told from the next."""
    rows = check.analytic.shape[0] if check.analytic.ndim == 2 else len(CELLS[cell].gates)
    return _AROUND + max(_ROW * rows, _MIN_HEIGHT)


def element_names(
    check: TensorCheck, cell: str, symbols: Sequence[str]
) -> tuple[list[str], list[str]]:
    """What stands beside the rows and under the columns."""
    name, shape = check.name, check.analytic.shape
    signs = [visible(symbol) for symbol in symbols]
    if name == "decoder.bias":
        return ["bias"], signs
    if name == "decoder.weight":
        return signs, _hidden(shape[1])
    gates = CELLS[cell].gates or ("h",)
    size = shape[0] // len(gates)
    if len(shape) == 1:
        return list(gates), [f"{unit}" for unit in range(size)]
    rows = [f"{gate}{unit}" for gate in gates for unit in range(size)]
    return rows, signs if name == "rnn.weight_ih_l0" else _hidden(shape[1])


def _hidden(size: int) -> list[str]:
    return [f"h{unit}" for unit in range(size)]


def _color_bar() -> dict:
    ticks = {-12: "1e-12", -9: "1e-9", -6: "1e-6", -3: "1e-3", 0: "1"}
    return {
        "title": {"text": "error"},
        "thickness": 12,
        "outlinewidth": 0,
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
    }


def _axis(names: Sequence[str], title: str) -> dict:
    return {
        "title": {"text": title},
        "tickvals": np.arange(len(names)),
        "ticktext": [label(name) for name in names],
        "tickangle": 0,
        "tickfont": {"size": 11},
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
    }


def _between_gates(check: TensorCheck, cell: str, shape: tuple[int, int]) -> list[dict]:
    """Lines between the blocks of rows."""
    gates = len(CELLS[cell].gates)
    if not gates or check.analytic.ndim == 1 or check.name.startswith("decoder."):
        return []
    size, right = shape[0] // gates, shape[1] - 0.5
    line = {"color": colors.TEXT, "width": 1}
    return [
        {"type": "line", "x0": -0.5, "x1": right, "y0": y, "y1": y, "line": line}
        for y in (gate * size - 0.5 for gate in range(1, gates))
    ]


def _across(check: TensorCheck) -> str:
    if check.name == "rnn.weight_ih_l0":
        return "character that is read"
    if check.name == "decoder.bias":
        return "character that is predicted"
    if ".bias" in check.name:
        return "unit"
    return "unit of the layer below" if "weight_ih" in check.name else "unit"


def _down(check: TensorCheck, cell: str) -> str:
    if check.name.startswith("decoder."):
        return "predicted" if check.analytic.ndim == 2 else ""
    if CELLS[cell].gates:
        return "gate" if check.analytic.ndim == 1 else "gate and unit"
    return "unit" if check.analytic.ndim == 2 else ""
