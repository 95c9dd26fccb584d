"""Which text the network reads: a part of its corpus, one that is typed, or what it just wrote."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import lab
from pages.components.plain import plain
from pages.components.unknown import all_known, read_until
from rnnlab.figures.heatmap import MOST_CHARACTERS
from rnnlab.runs.folders import data_folder, runs_folder
from rnnlab.runs.run import Run
from rnnlab.runs.source_text import SourceText
from rnnlab.runs.source_text import source_text as find_source_text
from rnnlab.text.excerpt import Excerpt, excerpt
from rnnlab.text.vocabulary import Vocabulary

AT = "at"
_SOURCE, _TYPED, _LENGTH = "units_source", "units_text", "units_length"
_WRITTEN, _WRITTEN_BY = "units_written", "units_written_by"
_CORPUS, _OWN, _GENERATED = "excerpt", "own", "generated"
_TITLES = {
    _CORPUS: "Corpus",
    _OWN: "Own text",
    _GENERATED: "Just generated",
}
_LONGEST_TYPED = 20_000
_LENGTHS = (50, 100, 200, 300, 500, 750, 1000)
_USUAL = 300


@dataclass(frozen=True)
class _Long:
    """The text that an excerpt is taken from, and what must be said about it."""

    text: str
    note: str


def hand_over(text: str, title: str) -> None:
    """Make a text the one that the page Hidden units reads next.

    Args:
        title: who wrote it.
    """
    st.session_state[_WRITTEN] = text[:_LONGEST_TYPED]
    st.session_state[_WRITTEN_BY] = title
    st.session_state[_SOURCE] = _GENERATED
    st.session_state[AT] = 0


def choose(run: Run, vocabulary: Vocabulary, columns: Sequence[DeltaGenerator]) -> Excerpt | None:
    """Draw the controls; give the part to read, None with a sentence when there is none.

    Args:
        columns: two, where the kind of text and its length are drawn.
    """
    left, right = columns
    with left:
        source = _source()
    with right:
        length = _length()
    found = _long(source, run, vocabulary)
    if found is None:
        return None
    if not found.text:
        st.info(plain(found.note) or "There is no text to read; type at least one character.")
        return None
    part = excerpt(found.text, _position(found.text, length), length)
    _say(found, part)
    return part


def _source() -> str:
    options = list(_TITLES) if st.session_state.get(_WRITTEN) else [_CORPUS, _OWN]
    if st.session_state.get(_SOURCE) not in options:
        st.session_state[_SOURCE] = options[0]
    return st.segmented_control(
        "Text to read",
        options,
        format_func=_TITLES.get,
        required=True,
        key=_SOURCE,
        persist_state="session",
        help="What the network reads while its hidden units are watched. What was generated comes "
        "from the page Generate.",
    )


def _length() -> int:
    st.session_state.setdefault(_LENGTH, _USUAL)
    chosen = st.select_slider(
        "Characters at once",
        _LENGTHS,
        key=_LENGTH,
        persist_state="session",
        help="How many characters the figures show. A longer text is read page by page with the "
        "position slider.",
    )
    return min(max(int(chosen), 1), MOST_CHARACTERS)


def _long(source: str, run: Run, vocabulary: Vocabulary) -> _Long | None:
    if source == _OWN:
        return _typed(vocabulary)
    if source == _GENERATED:
        return _generated(vocabulary)
    found = source_of(run)
    return _Long(found.text, found.note)


def source_of(run: Run) -> SourceText:
    """The corpus of a run, or what it wrote itself, kept from one rerun to the next."""
    ended = run.status().seconds  # what it writes at its end comes late
    return _cached_source(str(runs_folder()), str(data_folder()), run.id, ended)


@st.cache_resource(max_entries=6, show_spinner="Reading the text …")
def _cached_source(runs: str, data: str, run_id: str, ended: float) -> SourceText:
    return find_source_text(lab.store().open(run_id), lab.library())


def _typed(vocabulary: Vocabulary) -> _Long | None:
    if _TYPED not in st.session_state:
        st.session_state[_TYPED] = vocabulary.kept("The king is dead (they say).\nLong live him!\n")
    st.text_area(
        "Your text",
        key=_TYPED,
        height=140,
        persist_state="session",
        help="Any text in characters that the network knows. Press Ctrl+Enter when it is done.",
    )
    read_until(_TYPED, _LONGEST_TYPED)
    if not all_known(vocabulary, _TYPED):
        return None
    return _Long(st.session_state[_TYPED][:_LONGEST_TYPED], "")


def _generated(vocabulary: Vocabulary) -> _Long:
    text = vocabulary.kept(st.session_state[_WRITTEN])
    note = f"Written by {st.session_state.get(_WRITTEN_BY, 'a network')}."
    dropped = len(st.session_state[_WRITTEN]) - len(text)
    if dropped:
        note += f" {dropped:,} characters that this network never saw were left out."
    return _Long(text, note)


def _position(text: str, length: int) -> int:
    last = max(len(text) - length, 0)
    if last == 0:
        return 0
    if not 0 <= st.session_state.get(AT, 0) <= last:
        st.session_state[AT] = min(max(st.session_state[AT], 0), last)
    slider, buttons = st.columns([2, 1], vertical_alignment="bottom", gap="medium")
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        _button("Earlier", "chevron_left", "The characters just before.", -length, last)
        _button("Later", "chevron_right", "The characters that follow.", length, last)
        st.button(
            "Random excerpt",
            icon=":material/casino:",
            on_click=_jump,
            args=(last,),
            help="Jump to a random place of the text.",
        )
    return slider.slider(
        "Position in the text",
        0,
        last,
        key=AT,
        bind="query-params",
        format="%d",
        help=f"Where the excerpt begins; the text has {len(text):,} characters.",
    )


def _button(label: str, icon: str, help: str, by: int, last: int) -> None:
    st.button(
        "",
        key=f"units_{label.lower()}",
        icon=f":material/{icon}:",
        on_click=_move,
        args=(by, last),
        help=f"{label}: {help[0].lower()}{help[1:]}",
    )


def _move(by: int, last: int) -> None:
    st.session_state[AT] = min(max(st.session_state[AT] + by, 0), last)


def _jump(last: int) -> None:
    st.session_state[AT] = random.randint(0, last)


def _say(found: _Long, part: Excerpt) -> None:
    """What is said about the text, and how the network came to its first character."""
    shown = f"Characters {part.start:,} to {part.start + len(part.text):,} of {part.total:,}."
    memory = "The network begins with an empty memory."
    if part.before:
        memory = f"The network has read the {len(part.before):,} characters before it first."
    st.caption(plain(" ".join(filter(None, (found.note, shown, memory)))))
