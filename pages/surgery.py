"""Surgery: units held or moved, one character exchanged, and what that changes."""

from __future__ import annotations

from pages.components import frame, surgery_view
from pages.components.trained_run import trained_run

frame.begin(
    "Surgery",
    "Looking at a unit shows what it goes along with. To find out what it *does*, take hold of it: "
    "keep it at a value, let the network write again with the same random numbers, and measure "
    "what that costs.",
)

run = trained_run()
if run is not None:
    surgery_view.view(run)
