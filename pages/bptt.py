"""Gradients through time: how far back a loss is felt, and what decides it."""

from __future__ import annotations

import streamlit as st

from pages.components import frame
from pages.components.bptt import clipping, decay, matrix, radius, truncation
from pages.components.bptt import scene as bptt_scene
from pages.components.pickers.address import one_of
from pages.components.pickers.run import trained_run

_CLIPPING = "Clipping"
_OF_A_TEXT = {
    "Matrix": matrix.draw,
    "Half-life": decay.draw,
    "Spectral radius": radius.draw,
    "Truncation": truncation.draw,
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
        clipping.draw(run)
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


frame.begin(
    "Gradients through time",
    "A network learns from the past only as far as the gradient of a loss reaches back. See whose "
    "loss reaches which step, why it fades or explodes, and what clipping and truncation do.",
)

draw()
