"""What surrounds every page: its heading, layout, and the remedy for links into a fresh server."""

from __future__ import annotations

import math
import re
from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

from pages.components.navigation import navigation

_FRAMED = "_frame"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LOGO = Path(__file__).with_name("logo.svg")
ICON = Path(__file__).with_name("icon.svg")


def run() -> None:
    """Declare the pages and run the one asked for; `app.py` calls this and nothing else."""
    _leave_cores_to_training()
    _configure()
    st.logo(str(LOGO), size="large")
    st.session_state[_FRAMED] = True
    st.navigation(navigation()).run()


def begin(title: str, lead: str = "") -> None:
    """Begin a page: call this first, before anything else is drawn.

    Args:
        title: heading of the page, sentence case, no Markdown.
        lead: one or two sentences under it, saying what one can do here (Markdown).

    The first link into a fresh server runs a file of `pages/` without `app.py`, because Streamlit
    takes a folder of that name for its older kind of app; then the navigation is declared here
    and the page starts again, this time through `app.py`.
    """
    if _FRAMED not in st.session_state:
        _configure()
        st.navigation(navigation())
        st.rerun()
    _forget_infinite_numbers()
    st.title(title, anchor=False)
    if lead:
        st.markdown(lead)


def _forget_infinite_numbers() -> None:
    """Begin again without the numbers of the address that are beyond all floats: the number
    fields of Streamlit break on them."""
    address = st.query_params.to_dict()
    infinite = [
        name for name, x in address.items() if _NUMBER.fullmatch(x) and math.isinf(float(x))
    ]
    for name in infinite:
        del st.query_params[name]
    if infinite:
        st.rerun()


def _configure() -> None:
    """Before the navigation: without an icon of our own, a browser takes that of the page, and
    fetches it from the internet."""
    st.set_page_config(page_icon=str(ICON), layout="wide")


def _leave_cores_to_training() -> None:
    """Limit the linear algebra of this process to one thread.

    At every run, since a library that is loaded later comes with limits of its own; it takes
    about a millisecond. Training processes are not touched, as by an environment variable.
    """
    threadpool_limits(limits=1)
