"""Short passages of a text, one a line, colored by what a unit does in them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components import assets
from pages.components.packing import packed
from rnnlab.figures.scales import Scale
from rnnlab.inspection.survey import SurveyPassage
from rnnlab.text.visible import visible

_component = st.components.v2.component(
    "rnnlab.units_passages",
    html=assets.read("units_passages.html"),
    css=assets.read("shared.css", "units_passages.css"),
    js=assets.read("shared.js", "units_passages.js"),
)


def passages(found: Sequence[SurveyPassage], *, key: str, name: str, scale: Scale) -> None:
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
