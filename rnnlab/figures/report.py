"""A report as one HTML file that opens anywhere: text, tables and interactive figures."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from plotly.graph_objects import Figure, Heatmap

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
class Written:
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
    content: Sequence[Paragraph | Written | Table | Drawing]


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


def _block(block: Paragraph | Written | Table | Drawing, drawings: _Drawings) -> str:
    if isinstance(block, Drawing):
        return drawings.html(block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Written):
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
    """A copy for plain plotly: on pages, heatmaps travel as counts of a step."""
    copy = Figure(figure.to_dict())
    copy.update_layout(template="plotly_white")
    for trace in copy.data:
        meta = trace.meta if isinstance(trace.meta, dict) else {}
        if isinstance(trace, Heatmap) and "step" in meta:
            counts = _array(trace.z)
            trace.z = np.round(counts * meta["step"], 3).astype(np.float32)
            trace.text = [list(meta["characters"])] * len(counts)
            trace.meta = None
    return copy


def _array(values: object) -> np.ndarray:
    """Numbers as plotly holds them: an array, or one packed in base64."""
    if isinstance(values, dict):
        flat = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
        shape = values.get("shape", str(len(flat)))
        return flat.reshape([int(size) for size in shape.split(",")])
    return np.asarray(values)
