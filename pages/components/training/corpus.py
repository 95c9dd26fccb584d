"""The corpus of the next run: chosen from what is here, or fetched with a bar that grows."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pages.components import corpora, services
from pages.components.layout import problems, show_error
from pages.components.training import controls as training_controls
from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.text.corpora.library import CorpusLibrary, Entry
from rnnlab.training.config import RunConfig, settings

_KEY = training_controls.key("corpus")
_KINDS = {"ships": "ships with the lab", "generated": "generated", "own": "your own text"}


def chosen(config: RunConfig) -> Corpus:
    """The corpus of a config, kept in memory.

    Raises:
        CorpusError: there is none of that name, it must be fetched first, or cannot be read.
    """
    if not services.library().is_here(config.corpus):
        title = services.library().entry(config.corpus).title
        raise CorpusError(f"{title} must be downloaded once before a run can learn from it.")
    return corpora.corpus(config.corpus)


def selector() -> None:
    """Choose a corpus; each says whether it is here, can be fetched, or is your own."""
    library = services.library()
    labels = _labels(library)
    present = st.session_state[_KEY]
    labels.setdefault(present, f"{present} · not here any more")
    st.selectbox(
        settings()["corpus"].label,
        list(labels),
        key=_KEY,
        format_func=lambda name: labels.get(name, name),
        help=f"{settings()['corpus'].help} Look at it, or add your own, on the Corpus page.",
        persist_state="session",
    )


def fetch_offer(name: str, key: str = "train_fetch") -> None:
    """Offer to fetch a corpus that is not here; afterwards the page runs again."""
    library = services.library()
    with problems():
        entry = library.entry(name)
        clicked = st.button(
            f"Download {entry.title} ({_size(entry)})",
            icon=":material/download:",
            type="primary",
            width="stretch",
            key=key,
            help=f"It is fetched once from {entry.source} and checked against its checksum.",
        )
        if clicked and _fetch(library, name):
            st.rerun()


def _fetch(library: CorpusLibrary, name: str) -> bool:
    bar = st.progress(0.0, "Downloading …")
    try:
        library.load(name, lambda done, total: bar.progress(min(done / max(total, 1), 1.0)))
    except (CorpusError, OSError) as error:
        bar.empty()
        show_error(error)
        return False
    return True


def _labels(library: CorpusLibrary) -> dict[str, str]:
    """What each corpus is called in the list; no two alike, or the list could not tell them."""
    labels = {entry.name: _label(library, entry) for entry in library.entries()}
    often = Counter(labels.values())
    return {
        name: label if often[label] == 1 else f"{label} · {name}" for name, label in labels.items()
    }


def _label(library: CorpusLibrary, entry: Entry) -> str:
    where = _KINDS.get(entry.kind)
    if where is None:
        where = "downloaded" if library.is_here(entry.name) else f"download, {_size(entry)}"
    return f"{entry.title} · {where}"


def _size(entry: Entry) -> str:
    millions = entry.size / 1e6
    return f"{millions:.1f} MB" if millions >= 0.1 else f"{entry.size / 1e3:.0f} kB"
