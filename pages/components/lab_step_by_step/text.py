"""Steps 2, 3, 4 and 6: the text, its parts, its numbers, its windows.

The text is the corpus where it is here, else what a network wrote by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from pages.components import corpora, services
from pages.components.browser.batch_grid import batch_grid
from pages.components.browser.plot import plot
from pages.components.lab_step_by_step import steps
from pages.components.layout import escape_markdown, how_to_read, problems
from pages.components.networks import Network, NetworkKey, load
from pages.components.pickers.text import encoded
from pages.components.training import corpus as training_corpus
from pages.components.training.forecast import is_here
from rnnlab.figures.corpus import split_bar
from rnnlab.runs.texts import final_sample
from rnnlab.text.batching import batch_view
from rnnlab.text.corpora.catalog import REMOTE
from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig

_SECONDS = 2.0  # in which a network writes a text of its own
_SOURCE_ROWS = 8  # of a batch, where the text is short


@dataclass(frozen=True)
class Source:
    """A text, and what must be said about it."""

    corpus: Corpus | None  # None: there is neither the corpus nor a run that writes
    said: str  # what it is, in a few words of plain text
    is_real: bool  # the corpus itself
    expected_sha256: str  # of the corpus
    known: Vocabulary | None = None  # of the run that wrote the text

    def vocabulary(self, config: RunConfig) -> Vocabulary | None:
        """The distinct characters of what these settings use of it; of a text that a run wrote,
        all that the run knows."""
        if self.corpus is None or self.known is not None:
            return self.known
        if 0 < config.max_characters < len(self.corpus.text):
            return Vocabulary.from_text(self.corpus.text[: config.max_characters])
        return corpora.vocabulary(self.corpus)

    def fitted(self, config: RunConfig) -> RunConfig:
        """The settings as far as the text allows: a short one gives few windows at once."""
        if self.is_real:
            return config
        length = min(config.seq_length, 64)
        return config.replace(
            batch_size=_SOURCE_ROWS, seq_length=length, stride=max(1, length // 2), max_characters=0
        )


def source(config: RunConfig, network: Network | None) -> Source:
    """The corpus of these settings where it is here, else what a network writes by itself."""
    expected = next(r.files[0].sha256 for r in REMOTE if r.name == config.corpus)
    if is_here(config.corpus):
        try:
            corpus = corpora.corpus(config.corpus)
        except CorpusError:  # not the file it should be: as if it were not here
            corpus = None
        if corpus is not None:
            return Source(corpus, corpus.title, True, expected)
    if network is None:
        return Source(None, "nothing yet: neither the text nor a run is here", False, expected)
    text = written_alone(network.key)
    corpus = Corpus("written", "What the run wrote", text, None, "written by a run", "")
    said = "a text that the run wrote itself"
    return Source(corpus, said, False, expected, network.vocabulary)


@lru_cache(maxsize=4)
def written_alone(key: NetworkKey) -> str:
    """What a network writes by itself, up to 20,000 characters within two seconds."""
    network = load(key)
    return final_sample(network.model, network.vocabulary, _SECONDS, 1, network.item_end)


_WORD = "manual_word"
_MAX_CHARACTERS = 40
_BEGINNING = 400  # characters
_ROWS, _COLUMNS = 6, 100  # of a batch that are shown


def data_set(source: Source, config: RunConfig) -> None:
    """Step 2: the file, checked."""
    entry = services.library().entry(config.corpus)
    steps.begin(2, source.said if source.corpus else "nothing yet: the text is not here")
    if not source.is_real:
        st.markdown(
            f"**{entry.title}** is not on this computer. It is downloaded once, "
            f"{entry.size:,} characters from {entry.source}, and checked. "
            + (
                f"Until then the steps show {escape_markdown(source.said)}."
                if source.corpus
                else ""
            )
        )
        training_corpus.fetch_offer(config.corpus, key="manual_fetch")
    if source.corpus is None:
        return
    text = source.corpus.text
    with st.container(horizontal=True, gap="large"):
        st.metric("Characters", f"{len(text):,}", width="content")
        st.metric(
            "Distinct characters",
            len(corpora.vocabulary(source.corpus)),
            help="The size of the vocabulary, V.",
            width="content",
        )
        st.metric("Lines", f"{text.count(chr(10)):,}", width="content")
    if source.is_real:
        _checksum(source)
    st.code(text[:_BEGINNING], language=None, wrap_lines=True)
    how_to_read(f"The first {min(_BEGINNING, len(text))} characters.")


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
    steps.begin(3, f"{steps.SETTINGS}, {source.said}")
    if source.corpus is None:
        return
    with problems():
        found = corpora.split(source.corpus, source.fitted(config))
        parts = (found.training, found.validation, found.test)
        training, validation, test = (len(part.text) for part in parts)
        plot(
            split_bar((training, validation, test), "characters"),
            key="manual_split",
            height=160,
            alt=f"The three parts of the text to scale: {training:,}, {validation:,} and {test:,} "
            "characters.",
        )
        how_to_read(
            "In the order of the text. The network learns from the first part only; the second "
            "tells while it trains whether it learns or memorizes; the third is measured once, at "
            "the end."
        )


def encoding(source: Source, config: RunConfig) -> None:
    """Step 4: a word as numbers, and back."""
    steps.begin(4, f"{steps.SETTINGS}, {source.said}")
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
        help=f"Up to {_MAX_CHARACTERS} characters of the vocabulary.",
    )[:_MAX_CHARACTERS]
    _encode_and_decode(vocabulary, word)


def _encode_and_decode(vocabulary: Vocabulary, word: str) -> None:
    ids = encoded(vocabulary, word)
    if ids is None:
        return
    back = vocabulary.decode(ids)
    st.code(
        f"encode: {visible(word)}\n     →  {ids.tolist()}\ndecode: {visible(back)}",
        language=None,
        wrap_lines=True,
    )
    how_to_read(
        f"Decoded again, it is {'the same text' if back == word else 'another text'}. "
        "␣ is a space, ↵ a line end: to the network they are characters like all others."
    )


def windows(source: Source, config: RunConfig) -> None:
    """Step 6: one batch as the network sees it."""
    steps.begin(6, f"{steps.SETTINGS}, {source.said}")
    if source.corpus is None:
        return
    with problems():
        material = corpora.material(source.corpus, source.fitted(config))
        step = _batch_number()
        view = batch_view(
            material.batcher, material.vocabulary, step - 1, rows=_ROWS, columns=_COLUMNS
        )
        batch_grid(view, "window", key="manual_grid")
        size, length = view.shape
        how_to_read(
            f"Batch {view.place:,} of {view.updates_per_epoch:,} in epoch {view.epoch}: x and y "
            f"are ({size}, {length}) each. Every upper row is x; the row below it is y, the same "
            "shifted by one: the character to predict. Windows start "
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
