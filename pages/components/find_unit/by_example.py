"""By example: a marked span, the units that are on only there, and similar places elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import streamlit as st

from pages.components.browser.colored_text import colored_text
from pages.components.browser.plot import plot
from pages.components.find_unit import span_choice
from pages.components.find_unit.span_choice import Settings
from pages.components.find_unit.span_matches import span_matches
from pages.components.layout import definition, escape_markdown, how_to_read, problems
from pages.components.networks import Network, NetworkKey, load
from pages.components.pickers import text as text_picker
from pages.components.readings import TraceKey, trace
from rnnlab.figures.find_unit import span_map
from rnnlab.figures.scales import Scale, scale_for
from rnnlab.inspection.units.matching import (
    CANDIDATES,
    SHOWN,
    Activity,
    Match,
    Matches,
    find_matches,
    highest_threshold,
    occurrences,
    read_activity,
    selected_units,
    switched_on,
    touching,
)
from rnnlab.network.tape import check_values
from rnnlab.runs.run import Run
from rnnlab.runs.texts import SourceText
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.visible import visible

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
    keys = (TraceKey(found.key, part, settings.value, layer) for layer in settings.layers)
    values = np.concatenate([trace(key) for key in keys], axis=1)
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


_MAX_ROWS = 24  # units in the heatmap


@st.fragment
def draw(run: Run) -> None:
    """The choice of text and span, the units selected by it, and the best matches."""
    columns = st.columns([2, 3], vertical_alignment="bottom", gap="medium")
    with problems():
        part = text_picker.choose(run, run.vocabulary(), columns, key="span")
        if part is not None:
            _view(run, part)
        _definition()


def _view(run: Run, part: Excerpt) -> None:
    with problems():
        settings, found = span_choice.settings(run)
        example = read_example(found, part, settings)
        _marking(example)
        if not len(example.units):
            st.info(nothing_selected(example), icon=":material/search_off:")
            return
        _selected(example, found)
        _elsewhere(run, example, found)


def _marking(example: Example) -> None:
    part = example.part
    counts = example.on[:, example.units].sum(axis=1)
    colored_text(
        part.text,
        counts,
        key="span_text",
        name="selected units on",
        scale=Scale("sequential", 0.0, float(max(len(example.units), 1))),
        start=part.start,
        span=(part.start + example.span[0], part.start + example.span[1]),
        height=260,
        on_click=partial(span_choice.click, part),
    )
    how_to_read(
        "**Click the first character of a span, then its last**; it is framed. The stronger "
        "the color of a character, the more of the selected units are on there. "
        + span_choice.next_click()
    )


def _selected(example: Example, found: Network) -> None:
    settings, count, total = example.settings, len(example.units), example.on.shape[1]
    st.markdown(
        f"**{count} of {total:,} units** {'is' if count == 1 else 'are'} on at "
        f"{every(len(example.text))} “{escape_markdown(visible(example.text))}”"
        f"{escape_markdown(span_choice.around(settings))}."
        + (" Each unit counts twice: being high, and being low." if settings.both_signs else "")
    )
    start, end = example.span
    strength = np.abs(example.values[start:end, example.columns]).mean(axis=0)
    rows = np.argsort(-strength, kind="stable")[:_MAX_ROWS]
    columns = example.columns[rows]
    info = found.model.cell.VALUES[settings.value]
    plot(
        span_map(
            example.values[:, columns],
            example.part.text,
            names=span_choice.names(columns, settings.layers, found.model),
            name=settings.value,
            scale=scale_for(info, example.values),
            span=example.span,
            start=example.part.start,
        ),
        key="span_map",
        height=110 + 20 * len(rows),
        alt=f"{settings.value} of the selected units around the marked span",
    )
    shown = f" The {_MAX_ROWS} strongest of {count} are drawn." if count > _MAX_ROWS else ""
    how_to_read(
        "One row a selected unit, the strongest in the span first; the frame is the span. What "
        "is colored outside the frame shows where else a unit comes on." + shown
    )


def _elsewhere(run: Run, example: Example, found: Network) -> None:
    st.subheader("The same pattern elsewhere", anchor=False)
    source = text_picker.source_of(run)
    if not source.text:
        st.info(escape_markdown(source.note), icon=":material/hourglass_empty:")
        return
    settings = example.settings
    with st.spinner("The network reads the text …"):
        activity = _activity(found.key, source.text, settings.value, settings.layers)
    matches = find_matches(
        switched_on(activity.values, settings.threshold, both_signs=settings.both_signs),
        example.units,
        activity.places,
        apart_from=itself(example, source.text),
    )
    _said(example, source, activity, matches)
    span_matches(
        matches.best,
        source.text,
        selected=len(example.units),
        key="span_matches",
        on_click=partial(_go_there, len(source.text)),
    )


@lru_cache(maxsize=2)
def _activity(key: NetworkKey, text: str, name: str, layers: tuple[int, ...]) -> Activity:
    known = load(key)
    found = read_activity(known.model, known.vocabulary.encode(text), name, layers)
    check_values(found.values)
    return found


def _said(example: Example, source: SourceText, activity: Activity, matches: Matches) -> None:
    if not matches.best:
        st.info("None of the selected units is on anywhere else in what was read.")
        return
    where = occurrences(source.text, example.text)
    among = touching(matches.best, where, len(example.text))
    read = int(np.isin(where, activity.places).sum())
    level, count = matches.level, len(example.units)
    on = f"{level} to {count} of the selected units"
    if level == count:
        on = "the selected unit" if count == 1 else f"all {count} selected units"
    st.markdown(
        f"**{matches.candidates:,} stretches** with {on} on, among "
        f"{len(activity.places):,} characters from all over {escape_markdown(source.title)}; the "
        f"{len(matches.best)} most alike. In **{among} of them** the marked text itself stands, "
        f"which occurs {read:,} times in what was read."
    )
    how_to_read(
        "In the box: the stretch over which the units are on, between what stands before and "
        "after it; before it, how many of the selected units are on all through. First come those "
        "that share most units, then those with fewest others on, then the longest. **Click a "
        "line** to make it the example."
    )
    if source.note:
        st.caption(escape_markdown(source.note))


def _go_there(total: int, match: Match) -> None:
    span_choice.go_to_span(match.start, match.end, total)


def _definition() -> None:
    definition(
        r"S = \{\, j : v_{t,j} \ge \tau \text{ at every } t \in [a, b), \quad v_{t,j} < \tau "
        r"\text{ at } t \in [a - l, a) \cup [b, b + r) \,\}, \qquad "
        r"n_t = |\{ j \in S : v_{t,j} \ge \tau \}|",
        f"Searched are the longest stretches over which $n_t$ stays the same: first those with "
        f"$n_t = |S|$, then also $|S| - 1$, $|S| - 2$ …, until there are {CANDIDATES:,}. $A$ are "
        f"all units that are on all through a stretch. The largest $|A \\cap S|$ comes first, then "
        f"the smallest $|A \\cup S|$, then the longest stretch; {SHOWN} are shown.\n\n"
        "A short span always selects some units by chance, and a unit that is on half of the time "
        "matches half of the text. So read the matches: a pattern means something only if they "
        "have something in common that other places do not have. That units are on together does "
        "not show that the network uses them; holding them at a value would.",
        "H. Strobelt, S. Gehrmann, H. Pfister, A. M. Rush, LSTMVis: a tool for visual analysis "
        "of hidden state dynamics in recurrent neural networks, 2018, arXiv:1606.07461",
        selected_units,
        find_matches,
    )
