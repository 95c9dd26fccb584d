"""Choices that stand in the address bar and whose options change with the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st


def initial(key: str, options: Sequence[Any], default: Any) -> Any:
    """What to give a widget bound to a query parameter as its first value.

    A value kept from another run that is no option any more is replaced in the session; the
    widget then must not be given a first value as well. Nothing is written to the session before
    the widget exists, because that would win over the address.
    """
    if st.session_state.get(key, default) in options:
        return default
    st.session_state[key] = default
    return None
