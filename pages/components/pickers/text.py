"""Choosing the text to read: from the corpus, new text, typed or written; unknown characters too.

Characters that the network does not know are named, with a button that drops them; of a text that
is too long, the beginning is read.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import services
from pages.components.layout import escape_markdown, problems, show_error
from pages.components.pickers.address import one_of
from rnnlab.figures.units import MAX_CHARACTERS
from rnnlab.folders import data_folder, runs_folder
from rnnlab.runs.run import Run
from rnnlab.runs.texts import SourceText, held_out, source_text
from rnnlab.text.excerpt import Excerpt, excerpt
from rnnlab.text.vocabulary import UnknownCharacterError, Vocabulary


def all_known(vocabulary: Vocabulary, key: str, place: str = "") -> bool:
    """Whether the network knows every character of the text under a session key.

    If not, they are named, and a button drops them from the text.

    Args:
        place: tells two buttons for the same text apart.
    """
    unknown = vocabulary.unknown(st.session_state[key])
    if not unknown:
        return True
    show_error(UnknownCharacterError(unknown))
    st.button(
        "Drop unknown characters",
        key=f"{key}_drop_{place}",
        icon=":material/backspace:",
        on_click=_drop,
        args=(vocabulary, key),
        help="Takes these characters out of the text and leaves everything else as it is.",
    )
    return False


def encoded(vocabulary: Vocabulary, text: str) -> np.ndarray | None:
    """The ids of a short text; None, with a sentence, where it is empty or cannot be read."""
    if not text:
        st.caption("Type at least one character.")
        return None
    with problems():
        return vocabulary.encode(text)
    return None


def read_until(key: str, most: int) -> None:
    """Say that only the beginning is read when the text under a session key is too long.

    The field itself has no limit: it would ignore all of a text that is pasted and too long.
    """
    length = len(st.session_state[key])
    if length > most:
        st.caption(f"Only the first {most:,} of {length:,} characters are read.")


def _drop(vocabulary: Vocabulary, key: str) -> None:
    st.session_state[key] = vocabulary.kept(st.session_state[key])


AT = "at"
SOURCE = "text"
_TYPED, WRITTEN, WRITTEN_BY = "text_typed", "text_written", "text_written_by"
CORPUS, UNSEEN, _OWN, GENERATED = "corpus", "unseen", "own", "generated"
_TITLES = {
    CORPUS: "Corpus",
    UNSEEN: "Unseen",
    _OWN: "Own text",
    GENERATED: "Just generated",
}
MAX_TYPED_CHARACTERS = 20_000
LENGTHS = (50, 100, 200, 300, 500, 750, MAX_CHARACTERS)


@dataclass(frozen=True)
class _Long:
    """The text that an excerpt is taken from, and what must be said about it."""

    text: str
    note: str


def choose(
    run: Run,
    vocabulary: Vocabulary,
    columns: Sequence[DeltaGenerator],
    *,
    key: str = "units",
    first: str = CORPUS,
    lengths: Sequence[int] = LENGTHS,
    usual: int = 300,
) -> Excerpt | None:
    """Draw the controls; give the part to read, None with a sentence when there is none.

    The kind of text and the position stand in the address and are shared by all pages.

    Args:
        columns: two, where the kind of text and its length are drawn.
        key: of the page, which has a length of its own.
        first: the kind of text to begin with: `CORPUS`, or `UNSEEN`.
        lengths: how many characters can be read at once, and `usual`, the one to begin with.
    """
    left, right = columns
    with left:
        source = _source(run, first)
    with right:
        length = _length(f"{key}_length", lengths, usual)
    found = _long(source, run, vocabulary)
    if found is None:
        return None
    if not found.text:
        st.info(
            escape_markdown(found.note) or "There is no text to read; type at least one character."
        )
        return None
    part = excerpt(found.text, _position(found.text, length), length)
    _say(found, part)
    return part


def _source(run: Run, first: str) -> str:
    options = [kind for kind in _TITLES if kind != GENERATED or st.session_state.get(WRITTEN)]
    titles, is_here = _TITLES, source_of(run).is_corpus
    if not is_here:  # what the run wrote itself stands in for it
        options.remove(UNSEEN)
        titles = {**_TITLES, CORPUS: "Its own writing"}
    return one_of(
        "Text to read",
        options,
        first if is_here else CORPUS,
        key=SOURCE,
        help="What the network reads here. Corpus: all of the text that it learned from. Unseen: "
        "the part of it that was kept back from training. What was generated comes from the page "
        "Generate.",
        format_func=titles.get,
        persist_state="session",
    )


def _length(key: str, lengths: Sequence[int], usual: int) -> int:
    st.session_state.setdefault(key, usual)
    return st.select_slider(
        "Characters at once",
        lengths,
        key=key,
        persist_state="session",
        help="How many characters the figures show. A longer text is read page by page with the "
        "position slider.",
    )


def _long(source: str, run: Run, vocabulary: Vocabulary) -> _Long | None:
    if source == _OWN:
        text = typed(vocabulary)
        return None if text is None else _Long(text, "")
    if source == GENERATED:
        return _generated(vocabulary)
    found = source_of(run, unseen=source == UNSEEN)
    return _Long(found.text, found.note)


def source_of(run: Run, *, unseen: bool = False) -> SourceText:
    """The corpus of a run, or what it wrote itself, kept from one rerun to the next.

    Args:
        unseen: only what was kept back from training, where there is such a part.
    """
    ended = run.status().seconds  # what it writes at its end comes late
    return _cached_source(str(runs_folder()), str(data_folder()), run.id, ended, unseen)


@st.cache_resource(max_entries=8, show_spinner="Reading the text …")
def _cached_source(runs: str, data: str, run_id: str, ended: float, unseen: bool) -> SourceText:
    run, library = services.store().open(run_id), services.library()
    if not unseen:
        return source_text(run, library)
    kept_back = held_out(run, library)
    if kept_back is not None:
        title = kept_back.title
        note = f"From {title}, which it did not learn from."
        return SourceText(kept_back.text, title, note, is_corpus=True)
    found = source_text(run, library)
    note = f"{found.note} There is no text here that was kept back from training.".strip()
    return SourceText(found.text, found.title, note, found.is_corpus)


def typed(vocabulary: Vocabulary) -> str | None:
    """Draw the field for a text of the user's, and give it as far as it is read.

    Returns:
        None, with a sentence, while it has characters that the network does not know.
    """
    if _TYPED not in st.session_state:
        st.session_state[_TYPED] = vocabulary.kept("The king is dead (they say).\nLong live him!\n")
    st.text_area(
        "Your text",
        key=_TYPED,
        height=140,
        persist_state="session",
        help="Any text in characters that the network knows. Press Ctrl+Enter when it is done.",
    )
    read_until(_TYPED, MAX_TYPED_CHARACTERS)
    if not all_known(vocabulary, _TYPED):
        return None
    return st.session_state[_TYPED][:MAX_TYPED_CHARACTERS]


def _generated(vocabulary: Vocabulary) -> _Long:
    text = vocabulary.kept(st.session_state[WRITTEN])
    note = f"Written by {st.session_state.get(WRITTEN_BY, 'a network')}."
    dropped = len(st.session_state[WRITTEN]) - len(text)
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
        key=f"text_{label.lower()}",
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
    st.caption(escape_markdown(" ".join(filter(None, (found.note, shown, memory)))))
