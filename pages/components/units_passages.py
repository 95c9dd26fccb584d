"""Short passages of a text, one a line, colored by what a unit does in them."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import streamlit as st

from pages.components import assets
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
            "scale": {
                "kind": scale.kind,
                "step": scale.step,
                "low": scale.low,
                "high": scale.high,
            },
            "passages": [
                {
                    "signs": visible(passage.text),
                    "counts": base64.b64encode(scale.packed(passage.values).tobytes()).decode(),
                    "peak": passage.peak,
                }
                for passage in found
            ],
        },
    )
