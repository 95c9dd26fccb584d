"""What to do about characters that a network has no input for."""

from __future__ import annotations

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


def _drop(vocabulary: Vocabulary, key: str) -> None:
    st.session_state[key] = vocabulary.kept(st.session_state[key])
