"""Stretches of a text one under another, each between what stands before and after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.components.browser import bridge
from pages.components.browser.bridge import relay
from rnnlab.inspection.units.matching import Match
from rnnlab.text.visible import visible

_AROUND = 60  # characters before and after
_component = st.components.v2.component(
    "rnnlab.span_matches",
    html=bridge.read_files("find_unit/span_matches.html"),
    css=bridge.read_files("browser/shared.css", "find_unit/span_matches.css"),
    js=bridge.read_files("browser/shared.js", "find_unit/span_matches.js"),
)


def span_matches(
    found: Sequence[Match],
    text: str,
    *,
    selected: int,
    key: str,
    on_click: Callable[[Match], None],
) -> None:
    """Draw matches, each with how many of the selected units it shares; hover says more.

    Args:
        text: in which they are; shown as it is, never as Markdown or HTML.
        selected: units of the example.
        on_click: called with the match before the script runs again.
    """

    def choose(place: float) -> None:
        if 0 <= int(place) < len(found):
            on_click(found[int(place)])

    _component(
        key=key,
        data={
            "label": "Matches in the text",
            "selected": selected,
            "matches": [_drawn(match, text, selected) for match in found],
        },
        on_chosen_change=relay(key, "chosen", choose),
    )


def _drawn(match: Match, text: str, selected: int) -> dict[str, str | int]:
    length = match.end - match.start
    return {
        "before": visible(text[max(match.start - _AROUND, 0) : match.start]),
        "run": visible(text[match.start : match.end]),
        "after": visible(text[match.end : match.end + _AROUND]),
        "shared": match.shared,
        "note": f"position {match.start:,}, {length} character{'s'[: length != 1]} long\n"
        f"{match.shared} of the {selected} selected units and {match.united - selected} others "
        "are on all through it\nClick to make it the example",
    }
