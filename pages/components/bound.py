"""Choices that stand in the address bar and whose options change with the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st


def initial(key: str, options: Sequence[Any], default: Any) -> Any:
    """What to give a widget bound to a query parameter as its first value, None for nothing.

    A value kept from another run that is no option any more is replaced in the session. Where the
    session was given a value, the widget must not be given a first one as well; and nothing is
    written to the session before the widget exists, because that would win over the address.
    """
    was_put = st.session_state.pop(_mark(key), False)
    if st.session_state.get(key, default) not in options:
        st.session_state[key] = default
        was_put = True
    return None if was_put else default


def put(key: str, value: Any) -> None:
    """Give such a choice a value, from a callback or before its widget is drawn."""
    st.session_state[key] = value
    st.session_state[_mark(key)] = True


def _mark(key: str) -> str:
    return f"{key}_was_put"
