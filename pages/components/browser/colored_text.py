"""A text whose characters are colored by numbers, such as what a unit does at each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from pages.components.browser import bridge
from pages.components.browser.bridge import ignore, packed, relay
from rnnlab.figures.scales import Scale
from rnnlab.text.visible import visible

_component = st.components.v2.component(
    "rnnlab.colored_text",
    html=bridge.read_files("browser/colored_text.html"),
    css=bridge.read_files("browser/shared.css", "browser/colored_text.css"),
    js=bridge.read_files("browser/shared.js", "browser/colored_text.js"),
)


def colored_text(
    text: str,
    values: np.ndarray,
    *,
    key: str,
    name: str,
    scale: Scale,
    start: int = 0,
    selected: int | None = None,
    notes: Sequence[str] | None = None,
    marked: np.ndarray | None = None,
    height: int = 320,
    on_click: Callable[[int], None] | None = None,
    span: tuple[int, int] | None = None,
) -> int | None:
    """Draw a text colored by one number a character; hover shows position, sign and number.

    Args:
        text: T characters; shown as they are, never as Markdown or HTML.
        values: (T,).
        key: unique on the page, and the same from run to run.
        name: of the values, such as "h of unit 17".
        scale: what the colors mean, such as `scales.TANH` or `scales.SHARE`.
        start: position of the first character in a longer text.
        selected: position to frame, counted from the beginning of the longer text.
        notes: more lines for the hover, one text a character.
        marked: (T,) bool; these characters are underlined.
        height: the text scrolls beyond so many pixels; 0 for no limit.
        on_click: called with the position before the script runs again; without it a click is
            not sent at all.
        span: to frame, from its first position to one past its last, in the longer text.
    Returns:
        The position that was clicked just now, else None.
    Raises:
        ValueError: not one value a character.
    """
    if values.shape != (len(text),):
        raise ValueError(f"{len(text)} characters need as many values, not {values.shape}.")
    result = _component(
        key=key,
        data={
            "text": text,
            "signs": visible(text),
            "values": packed(values, scale),
            "name": name,
            "label": f"Text, colored by {name}",
            "start": start,
            "selected": None if selected is None else selected - start,
            "notes": None if notes is None else list(notes),
            "marked": None if marked is None else marked.tolist(),
            "height": height,
            "clickable": on_click is not None,
            "span": None if span is None else [place - start for place in span],
        },
        on_position_change=relay(key, "position", lambda place: on_click(int(place)))
        if on_click
        else ignore,
    )
    return None if result.position is None else int(result.position)
