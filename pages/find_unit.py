"""Find a unit: which unit follows a feature of the text, and which features a unit follows."""

from __future__ import annotations

from pages.components import find_by_unit, find_cards, find_feature, find_span, frame
from pages.components.bound import one_of
from pages.components.trained_run import trained_run

VIEWS = {
    find_cards.BY_FEATURE: find_feature.draw,
    "By unit": find_by_unit.draw,
    "By example": find_span.draw,
}

frame.begin(
    "Find a unit",
    "Is there a unit that knows when the text is inside a name, in quotes, at the end of a line? "
    "Name a feature, and see whether any unit follows it better than chance.",
)
find_cards.draw()
run = trained_run()
if run is not None:
    look = one_of(
        "Look",
        list(VIEWS),
        find_cards.BY_FEATURE,
        key=find_cards.LOOK,
        help="By feature: name one and find its units. By unit: choose one and find its features. "
        "By example: mark a piece of the text, and find the units that are on there.",
        label_visibility="collapsed",
    )
    VIEWS[look](run)
