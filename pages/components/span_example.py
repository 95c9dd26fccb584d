"""A marked span of a text with what the units do there, and which of them it selects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pages.components import span_choice
from pages.components.networks import Network
from pages.components.span_choice import Settings
from pages.components.units_reading import Question, trace
from rnnlab.inspection.matching import highest_threshold, selected_units, switched_on
from rnnlab.text.excerpt import Excerpt

_KNOWN_PLACE = 50  # characters from which on an excerpt is found again in the corpus


@dataclass(frozen=True, eq=False)
class Example:
    """A marked span and the units it selects."""

    part: Excerpt
    span: tuple[int, int]  # in part.text, the end is one past the last character
    settings: Settings
    values: np.ndarray  # (T, U) of the excerpt
    on: np.ndarray  # (T, U), or (T, 2U) with the negative ones behind
    units: np.ndarray  # (|S|,) numbers among the columns of `on`

    @property
    def text(self) -> str:
        return self.part.text[slice(*self.span)]

    @property
    def columns(self) -> np.ndarray:
        """(|S|,) columns of `values`."""
        return self.units % self.values.shape[1]


def read_example(found: Network, part: Excerpt, settings: Settings) -> Example:
    """Draw the slider of the span; give what is marked.

    Raises:
        DivergedModelError: the network computes no numbers any more.
    """
    questions = (Question(found.key, part, settings.value, layer) for layer in settings.layers)
    values = np.concatenate([trace(question) for question in questions], axis=1)
    on = switched_on(values, settings.threshold, both_signs=settings.both_signs)
    start, end = span_choice.span(part)
    units = selected_units(on, start, end, before=settings.before, after=settings.after)
    return Example(part, (start, end), settings, values, on, units)


def every(length: int) -> str:
    """The characters of a span in words, after "at"."""
    return "the character" if length == 1 else f"each of the {length} characters"


def nothing_selected(example: Example) -> str:
    """Why there is nothing to search for, and what to do."""
    settings, span = example.settings, example.span
    count = len(selected_units(example.on, *span))
    if count:
        return (
            f"{count} unit{'s'[: count != 1]} would be on at {every(len(example.text))}, but each "
            "is on around the span as well; ask for fewer steps before or after it."
        )
    highest = highest_threshold(example.values, *span, both_signs=settings.both_signs)
    return (
        f"No unit is on at {every(len(example.text))}: the best of them reaches {highest:.2f} "
        f"throughout, and τ is {settings.threshold:.2f}. Lower τ, or mark a shorter span."
    )


def itself(example: Example, text: str) -> tuple[int, int]:
    """Where the example stands in the text that is searched; an empty stretch when nowhere."""
    part = example.part
    around = part.with_before
    place = text.find(around) if len(around) >= _KNOWN_PLACE else -1
    if place < 0:
        return 0, 0
    first = place + len(part.before)
    return first + example.span[0], first + example.span[1]
