"""Short passages of a text, one a line, colored by what a unit does in them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.browser import bridge
from pages.components.browser.bridge import packed
from rnnlab.figures.scales import Scale
from rnnlab.inspection.units.activations import UnitPassage
from rnnlab.text.visible import visible

_component = st.components.v2.component(
    "rnnlab.units_passages",
    html=bridge.read_files("browser/passages.html"),
    css=bridge.read_files("browser/shared.css", "browser/passages.css"),
    js=bridge.read_files("browser/shared.js", "browser/passages.js"),
)


def passages(found: Sequence[UnitPassage], *, key: str, name: str, scale: Scale) -> None:
    """Draw passages with the value at the peak before each, and a frame around its character."""
    _component(
        key=key,
        data={
            "name": name,
            "passages": [
                {
                    "signs": visible(passage.text),
                    "values": packed(passage.values, scale),
                    "peak": passage.peak,
                }
                for passage in found
            ],
        },
    )
