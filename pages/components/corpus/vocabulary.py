"""The vocabulary of a corpus, and the path of a word from characters to numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import corpora, services
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read
from pages.components.pickers.text import encoded, read_until
from rnnlab.figures.corpus import ROW_HEIGHT, character_path
from rnnlab.inspection.predictions import readable_text
from rnnlab.inspection.snapshots import CharacterVectors, character_vectors, fresh_vectors
from rnnlab.runs.errors import RunError
from rnnlab.runs.selection import run_on_corpus
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary

_WORDS = ("heaven", "saurus", "BTSXSE", "([]){}", "abc...")
_MAX_CHARACTERS = 12
_FRESH_SIZE = 16


def table(text: Corpus) -> None:
    """Every character with its index, count and share."""
    counted = corpora.characters(text)
    st.dataframe(
        pd.DataFrame(
            {
                "Character": counted.characters,
                "Index": counted.indices,
                "Count": counted.counts,
                "Share": counted.shares,
            }
        ),
        hide_index=True,
        height=min(420, 38 + 35 * len(counted.characters)),
        column_config={
            "Character": st.column_config.TextColumn(
                help="↵ is a newline, ␣ a space; other invisible characters have signs, too."
            ),
            "Index": st.column_config.NumberColumn(
                help="The number that stands for it: characters are ordered by code point."
            ),
            "Count": st.column_config.NumberColumn(format="localized", help="In the whole text."),
            "Share": st.column_config.ProgressColumn(
                format="percent",
                min_value=0,
                max_value=float(counted.shares.max()),
                help="Of all characters of the text.",
            ),
        },
        alt="The vocabulary: each character with its index, count and share.",
    )


def path(text: Corpus) -> None:
    """What becomes of a typed word before the network remembers anything."""
    vocabulary = corpora.vocabulary(text)
    key = f"corpus_word_{text.name}"
    st.text_input(
        "A word",
        readable_text(vocabulary, _WORDS, 6),
        width=320,
        key=key,
        help=f"Up to {_MAX_CHARACTERS} characters that occur in the text.",
    )
    read_until(key, _MAX_CHARACTERS)
    word = st.session_state[key][:_MAX_CHARACTERS]
    ids = encoded(vocabulary, word)
    if ids is None:
        return
    vectors, origin = _vectors(text, vocabulary)
    figure = character_path(
        visible(word),
        ids,
        [visible(symbol) for symbol in vocabulary.symbols],
        vectors.rows[ids],
        f"{'embedding' if vectors.is_embedding else 'column of W_ih'}, "
        f"{vectors.rows.shape[1]} numbers",
    )
    plot(
        figure,
        key="corpus_path",
        height=max(180, 100 + ROW_HEIGHT * len(word)),
        alt="For each character of the word: its index, its one-hot vector, and its vector.",
    )
    st.text(origin)
    how_to_read(
        "Each row is one character, read from left to right. Its index says which number of the "
        "one-hot vector is 1 (all others are 0), and that picks the row of numbers on the right "
        "which the network is given: equal characters always get equal rows."
    )


def _vectors(text: Corpus, vocabulary: Vocabulary) -> tuple[CharacterVectors, str]:
    """Vectors of a trained run where there is one, and a sentence that says whose they are."""
    run = run_on_corpus(services.store(), text.name, vocabulary)
    if run is not None:
        try:
            vectors = character_vectors(run.weights("best"))
        except (RunError, OSError):
            run = None
    if run is None:
        return (
            fresh_vectors(len(vocabulary), _FRESH_SIZE),
            "No run has learned from this text yet, so the embedding on the right is a fresh one: "
            "random numbers, as training begins with.",
        )
    if vectors.is_embedding:
        return vectors, f"The embedding was learned by the run “{run.name}”."
    return vectors, (
        f"The run “{run.name}” has no embedding: its one-hot vectors pick these columns of the "
        "learned input weights."
    )
