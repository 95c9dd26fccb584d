"""Choosing a corpus, fetching it at need, and where it comes from."""

from __future__ import annotations

import streamlit as st

from pages.components import corpora, services
from pages.components.layout import escape_markdown, problems
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.corpora.library import CorpusLibrary, Entry

KEY = "corpus"
DEFAULT = "play"
_IN_ADDRESS = "corpus_in_address"
_KINDS = {
    "ships": "ships with the lab",
    "generated": "generated, best loss known",
    "own": "your own",
}


def choose() -> Corpus | None:
    """The corpus somebody chose (`?corpus=` in the address); None while it is not here."""
    library = services.library()
    entries = {entry.name: entry for entry in library.entries()}
    asked = st.query_params.get(KEY)
    _follow_address(asked, entries)
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    name = left.selectbox(
        "Corpus",
        list(entries),
        format_func=lambda name: _option(library, entries[name]),
        key=KEY,
        persist_state="session",
        help="The text that a network learns from. Texts that the lab may not ship are downloaded "
        "once, when you ask for them.",
    )
    st.query_params[KEY] = st.session_state[_IN_ADDRESS] = name
    entry = entries[name]
    if asked and asked not in entries:
        _say_unknown(asked, entry.title)
    with right:
        st.text(entry.description)
        st.caption(f"Source: {entry.source} · licence: {entry.licence}")
    return _loaded(library, entry)


def _follow_address(asked: str | None, entries: dict[str, Entry]) -> None:
    """Take the corpus from the address when that changed.

    A selectbox that is bound to the address puts its labels there, and labels change.
    """
    if asked in entries and asked != st.session_state.get(_IN_ADDRESS):
        st.session_state[KEY] = asked
    if st.session_state.get(KEY) not in entries:  # the first visit, or a text that was removed
        st.session_state[KEY] = DEFAULT


def _say_unknown(asked: str, title: str) -> None:
    sentence = f"There is no corpus '{asked[:60]}' in this lab; this is {title}."
    st.warning(escape_markdown(sentence), icon=":material/link_off:")


def _option(library: CorpusLibrary, entry: Entry) -> str:
    here = "downloaded" if library.is_here(entry.name) else "to be downloaded"
    return f"{entry.title} · {_KINDS.get(entry.kind, here)}"


def _loaded(library: CorpusLibrary, entry: Entry) -> Corpus | None:
    with problems():
        if not library.is_here(entry.name) and not _fetched(library, entry):
            return None
        return corpora.corpus(entry.name)
    return None


def _fetched(library: CorpusLibrary, entry: Entry) -> bool:
    """Offer to download; True when it was downloaded just now."""
    st.caption(
        f"{entry.title} is not on this computer yet: about {entry.size / 1e6:.1f} MB, checked "
        "against its known checksum and kept for the next time."
    )
    if not st.button("Download", icon=":material/download:", type="primary", key="corpus_fetch"):
        return False
    bar = st.progress(0.0, "Asking the server …")
    try:
        library.load(entry.name, progress=lambda done, total: bar.progress(*_progress(done, total)))
    finally:
        bar.empty()
    st.rerun()


def _progress(done: int, total: int) -> tuple[float, str]:
    share = min(done / max(total, 1), 1.0)
    return share, f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
