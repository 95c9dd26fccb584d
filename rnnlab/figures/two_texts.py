"""Two texts as escaped HTML, with marks where they differ position by position."""

from __future__ import annotations

import html
from collections.abc import Callable
from itertools import groupby

from rnnlab.inspection.writing import first_difference
from rnnlab.text.visible import visible

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
