"""A text colored by a unit, the places of a feature marked in it, and both as lines."""

from __future__ import annotations

import numpy as np

from pages.components import readings
from pages.components.browser.colored_text import colored_text
from pages.components.browser.plot import plot
from pages.components.find_unit.reading import Wanted, excerpt_marks
from pages.components.layout import escape_markdown, how_to_read
from pages.components.networks import Network
from rnnlab.figures.find_unit import unit_and_feature
from rnnlab.figures.scales import Scale
from rnnlab.inspection.units.search import Unit
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt


def draw(run: Run, known: Network, part: Excerpt, unit: Unit, wanted: Wanted) -> None:
    """The colored text with the feature underlined, and the lines below it."""
    colored(run, known, part, unit, wanted, key="find_text", height=300)
    marks = excerpt_marks(run, part, wanted)
    is_number = marks.dtype != bool
    title = escape_markdown(wanted.title)
    how = f"Underlined: **{title}**. Where color and line change together, they agree."
    if is_number:
        how = "Point at a character for the feature's number there."
    how_to_read(f"The color is the unit's value right after the character was read. {how}")
    values = _values(known, part, unit)
    plot(
        unit_and_feature(
            unit.number,
            values,
            marks,
            part.text,
            name=unit.value,
            feature=wanted.title,
            scale=_scale(known, part, unit, values),
            start=part.start,
        ),
        key="find_lines",
        height=280,
        alt=f"{unit.title} over the text, with the places of the feature",
    )
    how_to_read(
        "The same as a line, the gray line being the feature."
        if is_number
        else "The same as a line; the gray bands are the places of the feature."
    )


def colored(
    run: Run, known: Network, part: Excerpt, unit: Unit, wanted: Wanted, *, key: str, height: int
) -> None:
    """The text, colored, with the places of the feature underlined or its numbers to hover."""
    values, marks = _values(known, part, unit), excerpt_marks(run, part, wanted)
    is_number = marks.dtype != bool
    notes = [f"{wanted.title}: {mark:g}" for mark in marks] if is_number else None
    colored_text(
        part.text,
        values,
        key=key,
        name=f"{unit.value} of unit {unit.number}",
        scale=_scale(known, part, unit, values),
        start=part.start,
        notes=notes,
        marked=None if is_number else marks,
        height=height,
    )


def _values(known: Network, part: Excerpt, unit: Unit) -> np.ndarray:
    return readings.trace(_trace_key(known, part, unit))[:, unit.number]


def _scale(known: Network, part: Excerpt, unit: Unit, values: np.ndarray) -> Scale:
    return readings.scale_of(_trace_key(known, part, unit), values)


def _trace_key(known: Network, part: Excerpt, unit: Unit) -> readings.TraceKey:
    return readings.TraceKey(known.key, part, unit.value, unit.layer)
