"""Which span of a text is the example, and what counts as a unit being on there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.components.networks import Network, network
from pages.components.pickers.address import initial, one_of, put
from pages.components.pickers.snapshot import snapshot_picker
from pages.components.pickers.text import AT, CORPUS, SOURCE
from pages.components.pickers.values import choose_value, row
from rnnlab.inspection.units.matching import THRESHOLD
from rnnlab.network.char_rnn import CharRNN
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt

SPAN = "span"  # these stand in the URL
TAU, BEFORE, AFTER, LAYERS, SIGNS = "tau", "steps_before", "steps_after", "layers", "signs"
LENGTH = "span_length"  # characters at once, as `pickers/text.py` keeps it
_BEGUN, _EXCERPT = "span_begun", "span_excerpt"
_ALL = "all"
_MAX_STEPS = 20
_HIGH, _BOTH = "high", "high or low"
_LEAD = 40  # characters shown before an example that is jumped to


@dataclass(frozen=True)
class Settings:
    """When a unit is on, which units are looked at, and where they must be off."""

    value: str  # "h", "c" or a gate
    layers: tuple[int, ...]
    threshold: float
    both_signs: bool
    before: int  # steps before the span at which a selected unit must be off
    after: int


def settings(run: Run) -> tuple[Settings, Network]:
    """Draw the controls; give what they say, and the network at the snapshot that was chosen.

    Raises:
        ValueError, OSError: as `networks.network`.
    """
    first, second = row(), row()
    with first:
        found = network(run, snapshot_picker(run))
        value, layers = (
            choose_value(found.model),
            _layers(found.model),
        )
    info = found.model.cell.VALUES[value]
    with second:
        threshold = _threshold(is_bounded=info.high is not None)
        both = info.low != 0 and _both_signs()
        before, after = _steps(BEFORE, "before"), _steps(AFTER, "after")
    return Settings(value, layers, threshold, both, before, after), found


def _layers(model: CharRNN) -> tuple[int, ...]:
    every = tuple(range(model.architecture.num_layers))
    if len(every) == 1:
        return every
    options = [_ALL, *map(str, range(1, len(every) + 1))]
    chosen = one_of(
        "Layers",
        options,
        _ALL,
        key=LAYERS,
        help="Units of all layers together, or of one. Layer 1 reads the characters, the top one "
        "predicts.",
    )
    return every if chosen not in options[1:] else (int(chosen) - 1,)


def _threshold(*, is_bounded: bool) -> float:
    most = 1.0 if is_bounded else 5.0
    kept = st.session_state.get(TAU, THRESHOLD)
    if not 0 <= kept <= most:
        put(TAU, THRESHOLD)
    return st.slider(
        "τ: on from",
        0.0,
        most,
        initial(TAU, [st.session_state.get(TAU, THRESHOLD)], THRESHOLD),
        0.05,
        key=TAU,
        bind="query-params",
        width=220,
        help="A unit counts as on where its value is at least so high. Lower: more units are "
        "selected. 0.3 is what LSTMVis begins with.",
    )


def _both_signs() -> bool:
    options = (_HIGH, _BOTH)
    chosen = one_of(
        "On means",
        options,
        _HIGH,
        key=SIGNS,
        help="High: the value is at least τ. High or low: a value of −τ or less also counts, as "
        "if it were a unit of its own; a unit can say as much by being low.",
    )
    return chosen == _BOTH


def _steps(key: str, side: str) -> int:
    kept = st.session_state.get(key, 1)
    if not 0 <= kept <= _MAX_STEPS:
        put(key, 1)
    return st.number_input(
        f"Off so many steps {side}",
        0,
        _MAX_STEPS,
        initial(key, [st.session_state.get(key, 1)], 1),
        key=key,
        bind="query-params",
        width=170,
        help=f"A selected unit must be off at so many characters right {side} the span. 0: it may "
        "be anything there.",
    )


def span(part: Excerpt) -> tuple[int, int]:
    """Draw the slider of the span; give its first place in the excerpt and the one after its last.

    In the URL it is counted from the beginning of the excerpt: a slider with other ends would be
    another widget, and the browser forgets a widget's place in the URL when it goes.
    """
    last = len(part.text) - 1
    if last == 0:
        return 0, 1
    usual = _usual(part.text)
    was_there = st.session_state.get(_EXCERPT, part.start) == part.start
    st.session_state[_EXCERPT] = part.start
    if not was_there or not 0 <= min(_kept(usual)) <= max(_kept(usual)) <= last:
        put(SPAN, usual)
        _forget_click()
    chosen = st.slider(
        "Span",
        0,
        last,
        initial(SPAN, [_kept(usual)], usual),
        key=SPAN,
        bind="query-params",
        on_change=_forget_click,
        help="The first and the last character of the example, counted from the beginning of what "
        "is shown. Or click them in the text.",
    )
    return min(chosen), max(chosen) + 1


def _kept(usual: tuple[int, int]) -> tuple[int, int]:
    return st.session_state.get(SPAN, usual)


def _usual(text: str) -> tuple[int, int]:
    """First and last place of a short word, for which units are nearly always on; else of all."""
    word = re.search(r"(?<=\s)[^\W\d_]{2,4}(?=\W)", text)
    start, end = word.span() if word else (0, len(text))
    return start, end - 1


def _forget_click() -> None:
    st.session_state.pop(_BEGUN, None)


def click(part: Excerpt, position: int) -> None:
    """Mark a character: in turn the first and the last of a span."""
    place = position - part.start
    begun = st.session_state.pop(_BEGUN, None)
    if begun is None:
        st.session_state[_BEGUN] = begun = place
    put(SPAN, (min(begun, place), max(begun, place)))


def next_click() -> str:
    """What the next click will do, while a span is half marked."""
    return "**Now click its last character.**" if _BEGUN in st.session_state else ""


def go_to_span(start: int, end: int, total: int) -> None:
    """Make a stretch of the corpus, which has so many characters, the example."""
    length = st.session_state[LENGTH]
    at = min(max(start - _LEAD, 0), max(total - length, 0))
    put(SOURCE, CORPUS)
    st.session_state[AT] = st.session_state[_EXCERPT] = at
    put(SPAN, (start - at, min(end - at, length, total) - 1))
    _forget_click()


def names(columns: np.ndarray, layers: Sequence[int], model: CharRNN) -> list[str]:
    """What units are called, by their places in the layers side by side."""
    size = model.architecture.hidden_size
    if len(layers) == 1:
        return [str(unit) for unit in columns]
    return [f"{layers[unit // size] + 1}·{unit % size}" for unit in columns]


def around(settings: Settings) -> str:
    """Where the selected units are off, in words that follow on."""
    steps = {"before": settings.before, "after": settings.after}
    said = [f"the {_characters(count)} {side} it" for side, count in steps.items() if count]
    return f", and off at {' and '.join(said)}" if said else ""


def _characters(count: int) -> str:
    return "character" if count == 1 else f"{count} characters"
