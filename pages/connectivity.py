"""What a prediction depends on: which earlier characters it would change with."""

from __future__ import annotations

from pages.components import connectivity_view, frame
from pages.components.trained_run import trained_run

frame.begin(
    "What a prediction depends on",
    "Point at a character, and the characters before it light up: the more, the more the network's "
    "prediction of it depends on them.",
)

run = trained_run()
if run is not None:
    connectivity_view.draw(run)
