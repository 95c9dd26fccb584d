"""Steps 2, 3, 4 and 6 of the manual: the text, its parts, its numbers, its windows."""

from __future__ import annotations

import streamlit as st

from pages.components import corpus_cache, frame, lab, manual_frame, train_corpus
from pages.components.batch_grid import batch_grid
from pages.components.manual_source import Source
from pages.components.plain import plain, problem
from pages.components.plot import plot
from pages.components.unknown import encoded
from rnnlab.figures.split_bar import split_bar
from rnnlab.text.batch_view import batch_view
from rnnlab.text.corpus import CorpusError
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig

_WORD = "manual_word"
_LONGEST = 40
_BEGINNING = 400  # characters
_ROWS, _COLUMNS = 6, 100  # of a batch that are shown


def data_set(source: Source, config: RunConfig) -> None:
    """Step 2: the file, checked."""
    entry = lab.library().entry(config.corpus)
    manual_frame.begin(2, source.said if source.corpus else "nothing yet: the text is not here")
    if not source.is_real:
        st.markdown(
            f"**{entry.title}** is not on this computer. It is downloaded once, "
            f"{entry.size:,} characters from {entry.source}, and checked. "
            + (f"Until then the steps show {plain(source.said)}." if source.corpus else "")
        )
        train_corpus.fetch_offer(config.corpus, key="manual_fetch")
    if source.corpus is None:
        return
    text = source.corpus.text
    with st.container(horizontal=True, gap="large"):
        st.metric("Characters", f"{len(text):,}", width="content")
        st.metric(
            "Distinct characters",
            len(corpus_cache.vocabulary(source.corpus)),
            help="The size of the vocabulary, V.",
            width="content",
        )
        st.metric("Lines", f"{text.count(chr(10)):,}", width="content")
    if source.is_real:
        _checksum(source)
    st.code(text[:_BEGINNING], language=None, wrap_lines=True)
    frame.how_to_read(f"The first {min(_BEGINNING, len(text))} characters.")


def _checksum(source: Source) -> None:
    assert source.corpus is not None
    fits = source.corpus.sha256 == source.expected_sha256
    sign = ":green[:material/check_circle:] equals" if fits else ":red[:material/error:] is not"
    st.markdown(
        f"sha256 `{source.corpus.sha256}` {sign} the expected `{source.expected_sha256[:12]}…`",
        help="A fingerprint of the file: another text, or one changed character, has another.",
    )


def split(source: Source, config: RunConfig) -> None:
    """Step 3: the three parts to scale."""
    manual_frame.begin(3, f"{manual_frame.SETTINGS}, {source.said}")
    if source.corpus is None:
        return
    try:
        found = corpus_cache.split(source.corpus, source.fitted(config))
    except CorpusError as error:
        problem(error)
        return
    parts = (found.training, found.validation, found.test)
    training, validation, test = (len(part.text) for part in parts)
    plot(
        split_bar((training, validation, test), "characters"),
        key="manual_split",
        height=160,
        alt=f"The three parts of the text to scale: {training:,}, {validation:,} and {test:,} "
        "characters.",
    )
    frame.how_to_read(
        "In the order of the text. The network learns from the first part only; the second tells "
        "while it trains whether it learns or memorizes; the third is measured once, at the end."
    )


def encoding(source: Source, config: RunConfig) -> None:
    """Step 4: a word as numbers, and back."""
    manual_frame.begin(4, f"{manual_frame.SETTINGS}, {source.said}")
    vocabulary = source.vocabulary(config)
    if vocabulary is None:
        return
    st.markdown(f"**V = {len(vocabulary)}** distinct characters, numbered by code point:")
    signs = "  ".join(f"{visible(c)} {k}" for k, c in enumerate(vocabulary.symbols))
    st.code(signs, language=None, wrap_lines=True)
    if _WORD not in st.session_state:
        st.session_state[_WORD] = vocabulary.kept("To be, or not to be")
    word = st.text_input(
        "A word or a line",
        key=_WORD,
        width=420,
        persist_state="session",
        help=f"Up to {_LONGEST} characters of the vocabulary.",
    )[:_LONGEST]
    _both_ways(vocabulary, word)


def _both_ways(vocabulary: Vocabulary, word: str) -> None:
    ids = encoded(vocabulary, word)
    if ids is None:
        return
    back = vocabulary.decode(ids)
    st.code(
        f"encode: {visible(word)}\n     →  {ids.tolist()}\ndecode: {visible(back)}",
        language=None,
        wrap_lines=True,
    )
    frame.how_to_read(
        f"Decoded again, it is {'the same text' if back == word else 'another text'}. "
        "␣ is a space, ↵ a line end: to the network they are characters like all others."
    )


def windows(source: Source, config: RunConfig) -> None:
    """Step 6: one batch as the network sees it."""
    manual_frame.begin(6, f"{manual_frame.SETTINGS}, {source.said}")
    if source.corpus is None:
        return
    try:
        material = corpus_cache.material(source.corpus, source.fitted(config))
        step = _batch_number()
        view = batch_view(
            material.batcher, material.vocabulary, step - 1, rows=_ROWS, columns=_COLUMNS
        )
    except CorpusError as error:
        problem(error)
        return
    batch_grid(view, "window", key="manual_grid")
    size, length = view.shape
    frame.how_to_read(
        f"Batch {view.place:,} of {view.updates_per_epoch:,} in epoch {view.epoch}: x and y are "
        f"({size}, {length}) each. Every upper row is x; the row below it is y, the same shifted "
        "by one: the character to predict. Windows start "
        f"{material.config.stride} characters apart, are shuffled, and each begins with a zero "
        "state."
    )


def _batch_number() -> int:
    st.session_state.setdefault("manual_batch", 1)
    return st.number_input(
        "Batch",
        1,
        1_000_000,
        key="manual_batch",
        width=160,
        help="Batches are numbered through all epochs, as the updates of a run are.",
    )
