"""One text as several networks depend on it: a character in focus, and its past colored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from pages.components.browser import bridge
from pages.components.browser.bridge import exact, packed, relay
from rnnlab.figures.scales import Scale, rounded_up
from rnnlab.inspection.predictions import Predictions
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.visible import visible

_DECADES = 9  # what is smaller than the largest value by more is sent as 0
_LEVELS = Scale("sequential", 0.0, float(_DECADES))

_component = st.components.v2.component(
    "rnnlab.connectivity_text",
    html=bridge.read_files("connectivity/text.html"),
    css=bridge.read_files("browser/shared.css", "connectivity/text.css"),
    js=bridge.read_files("browser/shared.js", "connectivity/text.js"),
)


@dataclass(frozen=True)
class Panel:
    """What one network shows; its T predictions are of all characters but the first.

    Attributes:
        dependence: (T, T), 0 or more, of each prediction on each character read.
        effect: (T, T) by how many nats a character raised ln p of what came; None: not known.
        ranks: (T,) rank correlation of two measures in each row; NaN where there is none.
    """

    title: str
    dependence: np.ndarray
    expected: Predictions
    effect: np.ndarray | None = None
    ranks: np.ndarray | None = None


def connectivity_text(
    part: Excerpt,
    panels: Sequence[Panel],
    *,
    key: str,
    name: str,
    unit: str,
    is_log: bool,
    held: int | None,
    on_hold: Callable[[int | None], None],
) -> None:
    """Draw the text once a panel; hover colors the past of a character in all of them.

    Args:
        part: T + 1 characters.
        name: of the dependence, and its `unit`; "%" for shares.
        is_log: colors by three decades rather than in proportion.
        held: position in the longer text that stays in focus when the mouse moves on.
        on_hold: called with such a position, or None when it was let go, before the next run.
    """
    place = None if held is None else held - part.start
    inside = place is not None and 0 <= place < len(part.text)
    _component(
        key=key,
        data={
            "text": part.text,
            "signs": visible(part.text),
            "start": part.start,
            "held": place if inside else None,
            "name": name,
            "unit": unit,
            "log": is_log,
            "decades": _DECADES,
            "panels": [_panel(panel) for panel in panels],
        },
        on_held_change=relay(key, "held", lambda held: on_hold(None if held < 0 else int(held))),
    )


def _panel(panel: Panel) -> dict[str, Any]:
    """Numbers on and below the diagonal only, row by row."""
    below = np.tril_indices(len(panel.dependence))
    values = panel.dependence[below]
    top = float(values.max(initial=0.0)) or 1.0
    with np.errstate(divide="ignore"):
        levels = np.maximum(np.log10(values / top) + _DECADES, 0.0)
    data = {
        "title": panel.title,
        "top": top,
        "levels": packed(levels, _LEVELS),
        "chances": exact(panel.expected.chances),
        "guesses": visible("".join(panel.expected.likeliest)),
        "shares": exact(panel.expected.shares),
        "width": panel.expected.shares.shape[1],
    }
    if panel.effect is not None:
        limit = rounded_up(float(np.abs(panel.effect).max()))
        data["effects"] = packed(panel.effect[below], Scale("diverging", -limit, limit))
    if panel.ranks is not None:
        data["ranks"] = [None if np.isnan(rank) else round(float(rank), 3) for rank in panel.ranks]
    return data
