"""What to do about texts that a network cannot read as they are: strange characters, too many."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components.plain import problem
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
    problem(UnknownCharacterError(unknown))
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
    try:
        return vocabulary.encode(text)
    except UnknownCharacterError as error:
        problem(error)
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
