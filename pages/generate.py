"""Generate: a network writes, character by character, and shows what it thinks meanwhile."""

from __future__ import annotations

from pages.components import frame, generate_view
from pages.components.trained_run import trained_run

frame.begin(
    "Generate",
    "Let a trained network write. It draws one character at a time from what it expects, reads "
    "what it has just written, and goes on.",
)

run = trained_run()
if run is not None:
    generate_view.view(run)
