"""Memory, measured: how many characters back a network makes use of."""

from __future__ import annotations

from pages.components import frame, memory_view
from pages.components.trained_run import trained_run

frame.begin(
    "Memory, measured",
    "How far back does a network remember? Let it read only the last character, the last two, the "
    "last four …, and see when more of the past no longer helps.",
)

run = trained_run()
if run is not None:
    memory_view.draw(run)
