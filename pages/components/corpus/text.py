"""A corpus as it is: its size, its characters to read, and the rules of a generated one."""

from __future__ import annotations

import streamlit as st

from pages.components import corpora
from pages.components.layout import how_to_read
from rnnlab.network.losses import bits_per_character, perplexity
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.excerpt import excerpt
from rnnlab.text.formal_languages import GRAMMARS, LANGUAGES
from rnnlab.text.visible import signed_lines

_SHOWN = 1500  # characters at once


def facts(text: Corpus) -> None:
    """Its size in a few numbers."""
    with st.container(horizontal=True, gap="large"):
        st.metric("Characters", f"{len(text.text):,}", width="content")
        st.metric(
            "Distinct characters",
            f"{len(corpora.vocabulary(text)):,}",
            help="The size of the vocabulary: how many inputs and outputs a network has.",
            width="content",
        )
        if text.items is None:
            st.metric("Lines", f"{text.text.count(chr(10)):,}", width="content")
        else:
            st.metric("Items", f"{len(text.items):,}", help="One a line.", width="content")


def reading(text: Corpus) -> None:
    """A window on the text that can be moved."""
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
    last = max(1, len(text.text) - _SHOWN)
    start = left.slider(
        "Read from character",
        0,
        last,
        step=max(1, last // 200),
        key=f"corpus_start_{text.name}",
        help="Moves the window below through the whole text.",
    )
    signs = right.toggle(
        "Newlines and spaces",
        key="corpus_signs",
        persist_state="session",
        help="To a network, a newline (↵) and a space (␣) are characters like all others.",
    )
    piece = excerpt(text.text, start, _SHOWN)
    shown = signed_lines(piece.text) if signs else piece.text
    st.code(shown, language=None, wrap_lines=True, height=320)
    how_to_read(
        f"Characters {piece.start:,} to {piece.start + len(piece.text):,} of {piece.total:,}. "
        "The network is given nothing but this, one character after the other."
    )


def grammar(text: Corpus) -> None:
    """The rules of a generated language and the loss that nobody can beat."""
    if text.best_loss is None or text.name not in GRAMMARS:
        return
    rules = GRAMMARS[text.name]
    st.header("The rules, and the best possible loss", anchor=False)
    left, right = st.columns([3, 2], gap="large")
    left.markdown("\n".join(f"1. {rule}" for rule in rules.rules))
    with right.container(border=True):
        st.metric(
            "Best possible loss, nats per character",
            f"{text.best_loss:.4f}",
            help="The entropy of the language, newlines included, computed exactly from its "
            "rules: no network can have a lower loss over a long text.",
        )
        st.caption(
            f"{bits_per_character(text.best_loss):.4f} bits per character, perplexity "
            f"{perplexity(text.best_loss):.3f}; a string has "
            f"{LANGUAGES[text.name].mean_length:.1f} characters on average, its newline included."
        )
        st.caption(rules.unpredictable)
