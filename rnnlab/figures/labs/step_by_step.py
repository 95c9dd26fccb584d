"""Losses by epoch and by character, a network's parts with their shapes, and a report as HTML.

The report is one file that opens anywhere: text, tables and interactive figures.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.graph_objects import Figure, Heatmap

from rnnlab.figures import colors
from rnnlab.figures.diagram import arrow
from rnnlab.figures.layout import axis, chart_layout, label
from rnnlab.inspection.text_loss import Hardness
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture
from rnnlab.text.visible import visible


def epochs_chart(
    training: Sequence[float], validation: Sequence[float], test: float | None
) -> go.Figure:
    """The loss of each epoch: mean while it learned, and on validation text afterwards.

    Args:
        training, validation: nats per character, one an epoch; validation may be empty.
        test: after the last epoch; None when it was not measured.
    """
    traces = [_line("training, mean over the epoch", training, colors.TRAINING)]
    if validation:
        traces.append(_line("validation, after the epoch", validation, colors.VALIDATION))
    if test is not None:
        traces.append(
            go.Scatter(
                x=[len(training)],
                y=[test],
                name="test, at the end",
                mode="markers",
                marker={"color": colors.TEST, "size": 11, "symbol": "diamond"},
                hovertemplate="%{y:.3f}",
            )
        )
    return go.Figure(
        data=traces,
        layout=chart_layout(
            x=axis(
                "epoch",
                range=[0.5, len(training) + 0.5],
                dtick=max(1, len(training) // 10),
                uirevision=f"{len(training)}",
            ),
            y="loss, nats per character",
            right=28,
            hovermode="x unified",
            showlegend=True,
        ),
    )


def _line(name: str, losses: Sequence[float], color: str) -> go.Scatter:
    return go.Scatter(
        x=list(range(1, len(losses) + 1)),
        y=list(losses),
        name=name,
        mode="lines+markers",
        line={"color": color, "width": 2},
        marker={"size": 7},
        hovertemplate="%{y:.3f}",
    )


def hardness_bars(found: Sequence[Hardness], mean: float) -> go.Figure:
    """The loss of each kind of character or of each character, the hardest on top.

    Args:
        mean: loss of the whole text, drawn as a line.
    """
    ordered = list(found)[::-1]
    return go.Figure(
        data=[
            go.Bar(
                x=[each.loss for each in ordered],
                y=[_name(each) for each in ordered],
                orientation="h",
                marker={"color": colors.VALIDATION},
                text=[f"{each.loss:.2f}" for each in ordered],
                textposition="outside",
                cliponaxis=False,
                customdata=[[each.count, each.share] for each in ordered],
                hovertemplate="%{y}: %{x:.3f} nats on %{customdata[0]:,} places, "
                "%{customdata[1]:.0%} of the whole loss<extra></extra>",
            )
        ],
        layout=chart_layout(
            x=axis("loss, nats per character", rangemode="tozero"),
            y={"type": "category", "automargin": True, "ticksuffix": "  "},
            left=8,
            right=40,
            showlegend=False,
            shapes=[
                {
                    "type": "line",
                    "x0": mean,
                    "x1": mean,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": {"color": colors.NEUTRAL, "width": 1.5, "dash": "dash"},
                }
            ],
        ),
    )


def _name(found: Hardness) -> str:
    """A kind in words, or a character as its sign."""
    return label(found.what if len(found.what) > 1 else visible(found.what))


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #18212e; background: #ffffff;
       max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.2rem; border-bottom: 1px solid #d5dbe3; }
table { border-collapse: collapse; }
th, td { border: 1px solid #d5dbe3; padding: 0.2rem 0.6rem; text-align: left; }
td:not(:first-child) { font-variant-numeric: tabular-nums; }
pre { background: #f3f5f8; padding: 0.8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 1rem 0; } figcaption { color: #5a6676; font-size: 0.9rem; }
@media print { section { break-inside: avoid; } }
"""


@dataclass(frozen=True)
class Paragraph:
    """A sentence or several."""

    text: str


@dataclass(frozen=True)
class WrittenPart:
    """A text shown letter for letter, with its line ends."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of texts under a heading each."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Drawing:
    """A figure with the sentence that says how to read it."""

    figure: Figure
    caption: str
    height: int = 340  # pixels


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    content: Sequence[Paragraph | WrittenPart | Table | Drawing]


def report_html(title: str, sections: Sequence[Section]) -> str:
    """The whole file; every text is shown as it is, whatever marks it holds.

    Plotly's JavaScript is inside, once, so that figures can be looked at without the internet.
    """
    drawings = _Drawings()
    body = "".join(_section(section, drawings) for section in sections)
    heading = html.escape(title)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{heading}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{heading}</h1>{body}</body></html>\n"
    )


class _Drawings:
    """Turns figures into HTML; the first one brings plotly with it."""

    def __init__(self) -> None:
        self._count = 0

    def html(self, drawing: Drawing) -> str:
        self._count += 1
        inside = _readable(drawing.figure).to_html(
            full_html=False,
            include_plotlyjs=self._count == 1,
            default_height=f"{drawing.height}px",
            div_id=f"figure-{self._count}",
            config={"displaylogo": False, "responsive": True},
        )
        caption = f"Figure {self._count}. {html.escape(drawing.caption)}"
        return f"<figure>{inside}<figcaption>{caption}</figcaption></figure>"


def _section(section: Section, drawings: _Drawings) -> str:
    content = "".join(_block(block, drawings) for block in section.content)
    return f"<section><h2>{html.escape(section.title)}</h2>{content}</section>"


def _block(block: Paragraph | WrittenPart | Table | Drawing, drawings: _Drawings) -> str:
    if isinstance(block, Drawing):
        return drawings.html(block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, WrittenPart):
        return f"<pre>{html.escape(block.text)}</pre>"
    return f"<p>{html.escape(block.text)}</p>"


def _table(table: Table) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _readable(figure: Figure) -> Figure:
    """A copy for plain plotly, whose heatmaps have three decimals: more would fill the file."""
    copy = Figure(figure.to_dict())
    copy.update_layout(template="plotly_white")
    for drawn, trace in zip(copy.data, figure.data, strict=True):
        if isinstance(trace, Heatmap):
            drawn.z = np.round(np.asarray(trace.z, np.float32), 3)
            drawn.meta = None
    return copy


Shape = tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """A part of the network, and the array that leaves it."""

    title: str  # "RNN layer 1"
    does: str  # its equation
    weights: dict[str, Shape]  # by torch's names
    out: str  # name of what leaves it
    shape: Shape  # of that
    state: Shape | None  # of the hidden state that it starts from, zeros; None: it has none

    @property
    def parameters(self) -> int:
        """How many numbers training adjusts in it."""
        return sum(math.prod(shape) for shape in self.weights.values())


def stages(architecture: Architecture, batch_size: int, seq_length: int) -> list[Stage]:
    """The parts of a network from the characters' numbers to the loss.

    Args:
        batch_size: B.
        seq_length: T; the first arrow brings the ids x, (B, T).
    """
    grid = batch_size, seq_length
    shapes = architecture.shapes()
    found = [_input(architecture, shapes, grid)]
    for k in range(architecture.num_layers):
        found.append(_layer(architecture, shapes, grid, k))
    outputs = architecture.outputs
    decoder = {name: shapes[name] for name in shapes if name.startswith("decoder.")}
    return [
        *found,
        Stage("Linear", "logits = h·Wᵀ + b", decoder, "logits", (*grid, outputs), None),
        Stage("Cross-entropy", "mean of −ln softmax(logits)[y]", {}, "loss", (), None),
    ]


def _input(architecture: Architecture, shapes: dict[str, Shape], grid: Shape) -> Stage:
    if architecture.embedding_size:
        size = architecture.embedding_size
        weights = {"embedding.weight": shapes["embedding.weight"]}
        return Stage("Embedding", "e = E[x], a row each", weights, "e", (*grid, size), None)
    size = architecture.vocab_size
    return Stage("One-hot", "e = 1 at x, else 0", {}, "e", (*grid, size), None)


def _layer(architecture: Architecture, shapes: dict[str, Shape], grid: Shape, k: int) -> Stage:
    cell, hidden = CELLS[architecture.cell], architecture.hidden_size
    below = f"h{k}" if k else "e"
    does = "{h} = cell({x}, {h} before)"
    if function := cell.torch_options.get("nonlinearity"):
        does = f"{{h}} = {function}({{x}}·W_ihᵀ + b_ih + {{h}} before·W_hhᵀ + b_hh)"
    return Stage(
        title=f"{cell.title} layer {k + 1}",
        does=does.format(x=below, h=f"h{k + 1}"),
        weights={name: shape for name, shape in shapes.items() if name.endswith(f"_l{k}")},
        out=f"h{k + 1}",
        shape=(*grid, hidden),
        state=(grid[0], hidden),
    )


ROW_HEIGHT = 84  # pixels for each part
_BOX = (0.28, 0.72)  # left and right end of the boxes
_HALF = 0.27  # half the height of a box, in rows


def stages_figure(stages: Sequence[Stage], ids: Shape) -> go.Figure:
    """Read from bottom to top, as the numbers flow.

    Args:
        ids: the shape of the characters that come in, (B, T).
    """
    rows = len(stages)
    return go.Figure(
        data=[_boxes(stages)],
        layout={
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "xaxis": {"range": [0, 1], "visible": False, "fixedrange": True},
            "yaxis": {"range": [-0.75, rows - 0.35], "visible": False, "fixedrange": True},
            "shapes": [_box(row) for row in range(rows)],
            "annotations": [
                *_arrow(-1, f"x  {_shape(ids)}"),
                *(
                    part
                    for row, stage in enumerate(stages)
                    for part in (*_texts(row, stage), *_flow(row, stage, rows, ids))
                ),
            ],
        },
    )


def _boxes(stages: Sequence[Stage]) -> go.Scatter:
    """Invisible points that tell the weights of each part on hover."""
    return go.Scatter(
        x=[sum(_BOX) / 2] * len(stages),
        y=list(range(len(stages))),
        mode="markers",
        marker={"size": 40, "opacity": 0},
        text=[_weights(stage) for stage in stages],
        hovertemplate="%{text}<extra></extra>",
    )


def _weights(stage: Stage) -> str:
    lines = [f"{label(name)} {_shape(shape)}" for name, shape in stage.weights.items()]
    return "<br>".join(lines) or "no parameters"


def _box(row: int) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": _BOX[0],
        "x1": _BOX[1],
        "y0": row - _HALF,
        "y1": row + _HALF,
        "fillcolor": colors.SURFACE,
        "line": {"color": colors.BORDER, "width": 1},
        "layer": "below",
    }


def _texts(row: int, stage: Stage) -> list[dict[str, Any]]:
    """What a part is, and how many parameters it has."""
    count = f"{stage.parameters:,} parameters" if stage.weights else "no parameters"
    inside = f"<b>{label(stage.title)}</b><br>{label(stage.does)}"
    return [
        _text(sum(_BOX) / 2, row, inside, "center"),
        _text(_BOX[1] + 0.02, row, count, "left"),
    ]


def _flow(row: int, stage: Stage, rows: int, ids: Shape) -> list[dict[str, Any]]:
    """The arrow to the part above, and those of the initial state and of y from the left."""
    what = f"{stage.out}  {_shape(stage.shape)}" if stage.shape else f"{stage.out}, one number"
    arrows = _arrow(row, what) if row < rows - 1 else [_text(0.51, row + 0.42, what, "left")]
    if row == rows - 1:
        arrows.append(_text(0.26, row, f"y, x shifted by one  {_shape(ids)} →", "right"))
    if stage.state is not None:
        zeros = f"{stage.out} before, at first zeros  {_shape(stage.state)} →"
        arrows.append(_text(0.26, row, zeros, "right"))
    return arrows


def _arrow(row: int, what: str) -> list[dict[str, Any]]:
    """From the part in this row to the one above it."""
    middle = sum(_BOX) / 2
    return [
        arrow(middle, row + _HALF, middle, row + 1 - _HALF),
        _text(middle + 0.01, row + 0.5, what, "left"),
    ]


def _text(x: float, y: float, text: str, anchor: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": text,
        "showarrow": False,
        "xanchor": anchor,
        "align": anchor,
        "font": {"size": 13},
    }


def _shape(shape: Shape) -> str:
    return "(" + ", ".join(f"{size:,}" for size in shape) + ")"
