"""The page Gradients through time: its parts, of which only the chosen one is computed."""

from __future__ import annotations

import streamlit as st

from pages.components import (
    bptt_clipping,
    bptt_decay,
    bptt_matrix,
    bptt_radius,
    bptt_scene,
    bptt_truncation,
)
from pages.components.bound import one_of
from pages.components.trained_run import trained_run

_CLIPPING = "Clipping"
_OF_A_TEXT = {
    "Matrix": bptt_matrix.draw,
    "Half-life": bptt_decay.draw,
    "Spectral radius": bptt_radius.draw,
    "Truncation": bptt_truncation.draw,
}
_PARTS = ["Matrix", "Half-life", "Spectral radius", _CLIPPING, "Truncation"]
_KEY = "bptt_part"


def draw() -> None:
    """The choice of a part, of what it looks at, and the part."""
    part = _part()
    run = trained_run()
    if run is None:
        return
    if part == _CLIPPING:
        bptt_clipping.draw(run)
        return
    scene = bptt_scene.choose(run, st.columns([2, 1], gap="large"))
    if scene is not None:
        _OF_A_TEXT[part](scene)


def _part() -> str:
    return one_of(
        "Part",
        _PARTS,
        key=_KEY,
        help="Matrix: whose loss reaches which step. Half-life: how fast it fades. Spectral "
        "radius: what the weights from state to state decide. Clipping: what it does to a real "
        "update. Truncation: what going back only k steps cuts off.",
    )
