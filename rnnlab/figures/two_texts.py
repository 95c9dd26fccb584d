"""Two texts as escaped HTML, with marks where they differ position by position."""

from __future__ import annotations

import html
from itertools import groupby

from rnnlab.inspection.writing import first_difference
from rnnlab.text.visible import visible

# Inherited colors, made pale or tinted: so one piece of HTML serves the light and the dark theme.
_BOX = (
    "font-family:monospace;font-size:0.92rem;line-height:1.6;white-space:break-spaces;"
    "overflow-wrap:anywhere;max-height:20rem;overflow-y:auto;padding:0.6rem 0.8rem;"
    "border:1px solid rgba(128,140,155,0.35);border-radius:0.5rem"
)
_SAME = "opacity:0.5"
_DIFFERENT = "background:rgba(209,87,10,0.24);border-radius:2px"
_FIRST = "background:rgba(209,87,10,0.55);font-weight:700;outline:2px solid currentColor"


def one_of_two(text: str, other: str) -> str:
    """A text as HTML: pale where the other has the same character at the same position.

    The first character that differs is framed; a newline shows its sign and breaks the line.
    """
    first = first_difference(text, other)
    kinds = [_kind(i, character, other[i : i + 1], first) for i, character in enumerate(text)]
    spans = []
    for style, places in groupby(range(len(text)), kinds.__getitem__):
        signs = "".join(_sign(text[i]) for i in places)
        spans.append(f'<span style="{style}">{signs}</span>')
    return f'<div style="{_BOX}">{"".join(spans)}</div>'


def one_above_the_other(above: str, below: str, width: int = 76) -> str:
    """Both texts in lines of equal length, so that equal positions stand above each other."""
    first = first_difference(above, below)
    rows = []
    for start in range(0, max(len(above), len(below)), width):
        for text, other, fade in ((above, below, "0.8"), (below, above, "1")):
            stop = min(start + width, len(text))
            signs = "".join(
                f'<span style="{_kind(i, text[i], other[i : i + 1], first)}">'
                f"{html.escape(visible(text[i]))}</span>"
                for i in range(start, stop)
            )
            rows.append(f'<div style="opacity:{fade}">{signs}</div>')
        rows.append('<div style="height:0.55rem"></div>')
    style = _BOX.replace("break-spaces", "pre").replace("overflow-y:auto", "overflow:auto")
    return f'<div style="{style}">{"".join(rows)}</div>'


def _kind(i: int, character: str, other: str, first: int | None) -> str:
    if i == first:
        return _FIRST
    return _SAME if character == other else _DIFFERENT


def _sign(character: str) -> str:
    if character == " ":
        return " "
    sign = html.escape(visible(character))
    return f"{sign}\n" if character == "\n" else sign
