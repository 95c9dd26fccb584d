"""Sentences that hold somebody's text, drawn letter by letter where Streamlit reads Markdown."""

from __future__ import annotations

import streamlit as st

_MARKS = frozenset("\\`*_{}[]()<>#+-.!|~$:&")


def plain(sentence: str) -> str:
    """The sentence with every character escaped that could mean something in Markdown."""
    return "".join(f"\\{c}" if c in _MARKS else c for c in sentence)


def problem(error: Exception | str) -> None:
    """Draw what is wrong, in the sentence of the error."""
    st.error(plain(str(error)), icon=":material/error:")
