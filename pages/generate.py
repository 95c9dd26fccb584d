"""Generate: a network writes, character by character, and shows what it thinks meanwhile."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, generate_view
from pages.components.snapshot_picker import snapshot_picker
from pages.components.trained_run import trained_run

frame.begin(
    "Generate",
    "Let a trained network write. It draws one character at a time from what it expects, reads "
    "what it has just written, and goes on.",
)

left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
with left:
    run = trained_run()
if run is not None:
    with right:
        snapshot = snapshot_picker(run)
    generate_view.view(run, snapshot)
