"""How parts of a page are laid out: escaped sentences, two columns, source code.

Somebody's text in a sentence is drawn letter by letter, where Streamlit would read Markdown.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_MARKS = frozenset("\\`*_{}[]()<>#+-.!|~$:&")


def escape_markdown(sentence: str) -> str:
    """The sentence with every character escaped that could mean something in Markdown."""
    return "".join(f"\\{c}" if c in _MARKS else c for c in sentence)


def show_error(error: Exception | str) -> None:
    """Draw what is wrong, in the sentence of the error."""
    st.error(escape_markdown(str(error)), icon=":material/error:")


@contextmanager
def problems() -> Iterator[None]:
    """Draw what is wrong, where one of the project's own errors or one of the disk ends a block."""
    try:
        yield
    except (ValueError, OSError) as error:
        show_error(error)


_LEFT = 480  # pixels; with it, nothing fits beside it on a projector of 1024 pixels


def two_columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A left and a right part; on a narrow screen, the right one stands below the left one."""
    with st.container(horizontal=True, gap="medium"):
        return st.container(width=_LEFT), st.container()


def how_to_read(sentence: str) -> None:
    """The sentence under a figure that says how to read it."""
    st.caption(f":material/info: {sentence}")


def definition(latex: str, words: str, source: str = "", *functions: Callable | type) -> None:
    """What a figure shows, folded away, in one form for all pages.

    Args:
        latex: the formula.
        words: what its letters stand for, and what can mislead (Markdown).
        source: who had the idea, drawn as it is written; "" for nobody.
        functions: the code that computed it.
    """
    with st.expander("Definition, and where it can mislead", icon=":material/functions:"):
        st.latex(latex)
        st.markdown(words)
        if source:
            st.caption(escape_markdown(source))
        for function in functions:
            show(function)


def show(of: Callable | type) -> None:
    """The lines of a function or a class, as they run."""
    source = textwrap.dedent(inspect.getsource(of))
    st.code(source, language="python", wrap_lines=True)


def columns(*functions: Callable | type) -> None:
    """Several of them side by side."""
    for column, function in zip(st.columns(len(functions)), functions, strict=True):
        with column:
            show(function)
