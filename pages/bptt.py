"""Gradients through time: how far back a loss is felt, and what decides it."""

from __future__ import annotations

from pages.components import bptt_view, frame

frame.begin(
    "Gradients through time",
    "A network learns from the past only as far as the gradient of a loss reaches back. See whose "
    "loss reaches which step, why it fades or explodes, and what clipping and truncation do.",
)

bptt_view.draw()
