"""The source that computed what a page shows."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable

import streamlit as st


def show(of: Callable | type) -> None:
    """The lines of a function or a class, as they run."""
    source = textwrap.dedent(inspect.getsource(of))
    st.code(source, language="python", wrap_lines=True)


def columns(*functions: Callable | type) -> None:
    """Several of them side by side."""
    for column, function in zip(st.columns(len(functions)), functions, strict=True):
        with column:
            show(function)
