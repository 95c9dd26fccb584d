"""A text that appears character by character, with what the network thought while it wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.components.browser import bridge
from pages.components.browser.bridge import exact, ignore, packed, relay
from rnnlab.figures.players import Writing
from rnnlab.text.visible import visible

_component = st.components.v2.component(
    "rnnlab.player",
    html=bridge.read_files("browser/player.html"),
    css=bridge.read_files("browser/shared.css", "browser/playing.css", "browser/player.css"),
    js=bridge.read_files("browser/shared.js", "browser/player_units.js", "browser/player.js"),
)


@dataclass(frozen=True)
class Cell:
    """A place that was clicked: in the text (no unit), or in the heatmap beside it."""

    position: int
    unit: int | None


def player(
    writing: Writing,
    *,
    key: str,
    on_click: Callable[[Cell], None] | None = None,
    rate: int = 30,
    color: int | str = "probability",
    group: str = "",
    parting: int | None = None,
) -> Cell | None:
    """Play a text: it appears at a chosen speed, and the heatmap of its units grows beside it.

    Everything that moves is in the browser: play, pause, step, scrub, speed, what colors the
    text, and on hover what else the network nearly wrote. Nothing is sent while it plays.

    Args:
        writing: another `id` starts it anew; the same id goes on where it was.
        key: unique on the page, and the same from run to run.
        on_click: called with the place before the script runs again; without it a click is not
            sent at all.
        rate: characters a second at first, 1 to 200.
        color: what colors the text at first: "probability", "plain" or the number of a unit.
        group: players with the same name play and stop together, such as two settings compared.
        parting: a position to frame, where this text and another one part.
    Returns:
        The place that was clicked just now, else None.
    """
    result = _component(
        key=key,
        data={
            "id": writing.id,
            "label": "Text as the network wrote it, with controls to play it",
            "prime": writing.prime,
            "text": writing.text,
            "signs": visible(writing.text),
            "odds": exact(writing.probabilities),
            "candidates": {
                "width": writing.candidate_probabilities.shape[1],
                "signs": visible("".join(writing.candidates)),
                "shares": exact(writing.candidate_probabilities),
            },
            "values": packed(writing.values, writing.scale),
            "valueName": writing.value_name,
            "units": list(writing.units),
            "rate": rate,
            "color": str(color),
            "group": group,
            "parting": parting,
            "clickable": on_click is not None,
        },
        on_cell_change=relay(key, "cell", lambda cell: on_click(Cell(**cell)))
        if on_click
        else ignore,
    )
    return Cell(**result.cell) if result.cell else None
