"""Find a unit: which unit follows a feature of the text, and which features a unit follows."""

from __future__ import annotations

from pages.components import frame
from pages.components.find_unit import by_example, by_unit, cards, feature
from pages.components.pickers.address import one_of
from pages.components.pickers.run import trained_run

VIEWS = {
    cards.BY_FEATURE: feature.draw,
    "By unit": by_unit.draw,
    "By example": by_example.draw,
}

frame.begin(
    "Find a unit",
    "Is there a unit that knows when the text is inside a name, in quotes, at the end of a line? "
    "Name a feature, and see whether any unit follows it better than chance.",
)
cards.draw()
run = trained_run()
if run is not None:
    look = one_of(
        "Look",
        list(VIEWS),
        cards.BY_FEATURE,
        key=cards.LOOK,
        help="By feature: name one and find its units. By unit: choose one and find its features. "
        "By example: mark a piece of the text, and find the units that are on there.",
        label_visibility="collapsed",
    )
    VIEWS[look](run)
