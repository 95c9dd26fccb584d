"""What the project's own components report back to Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def relay(key: str, name: str, handle: Callable[[Any], object]) -> Callable[[], None]:
    """A callback for a component: hands on what it reports, before the script runs again.

    Args:
        key: of the component.
        name: of what is reported.
        handle: called with it.
    """

    def relayed() -> None:
        value = st.session_state[key].get(name)
        if value is not None:
            handle(value)

    return relayed


def ignore() -> None:
    """Declares what nobody listens to, so that the result of the component has it."""
