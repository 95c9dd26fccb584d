"""Interactive figures that keep their zoom: any plotly figure, redrawn in place when data come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.components.browser import bridge
from pages.components.browser.bridge import ignore, loader, publish, relay
from rnnlab.figures import colors
from rnnlab.figures.transport import Figure, specification

_component = st.components.v2.component(
    "rnnlab.plot",
    html=bridge.read_files("browser/plot.html"),
    css=bridge.read_files("browser/plot.css"),
    js=loader(),
    isolate_styles=False,  # plotly puts its styles into the document's head
)
_preload = st.components.v2.component(
    "rnnlab.preload",
    js=bridge.read_files("browser/load_plotly.js", "browser/preload.js"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Click:
    """The point of a figure that was clicked.

    Attributes:
        x, y: as on the axes (a number, or the label of a category axis).
        z: the value of a heatmap's cell in the unit of its color bar, else None.
        curve: number of the trace; trace: its name.
        point: index of the point in its trace; of a heatmap's cell, -1.
        row, column: indices of a heatmap's cell, else -1.
    """

    x: float | str
    y: float | str
    z: float | None
    curve: int
    trace: str
    point: int
    row: int
    column: int


def preload() -> None:
    """Let the browser get the chart library ready, on a page whose first figure comes later."""
    publish()
    _preload(key="preload_plotly", height=1)


def plot(
    figure: Figure,
    *,
    key: str,
    height: int,
    alt: str,
    on_click: Callable[[Click], None] | None = None,
    drag: str = "zoom",
) -> Click | None:
    """Draw a figure; zoom, hidden curves and hover survive when its data change.

    Args:
        figure: from `rnnlab.figures`; its colors follow the light and the dark theme. What must
            forget the zoom (a changed unit) sets `uirevision` of its axis.
        key: unique on the page, and the same from run to run.
        height: in pixels.
        alt: what the figure shows, in one sentence, for those who cannot see it.
        on_click: called with the point before the script runs again; without it a click is not
            sent at all.
        drag: what dragging does, as plotly's `dragmode`: "zoom", "pan" or False-like "".
    Returns:
        The point that was clicked just now, else None.
    """
    publish()
    callback = relay(key, "cell", lambda cell: on_click(Click(**cell))) if on_click else ignore
    result = _component(
        key=key,
        data={
            **specification(figure, drag=drag),
            "alt": alt,
            "height": height,
            "clickable": on_click is not None,
            "palette": list(colors.PALETTE),
            "variables": colors.THEME_VARIABLES,
        },
        height=height,
        on_cell_change=callback,
    )
    return Click(**result.cell) if result.cell else None
