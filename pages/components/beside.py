"""Two parts of a page side by side where there is room for both."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_LEFT = 480  # pixels; with it, nothing fits beside it on a projector of 1024 pixels


def beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A left and a right part; on a narrow screen, the right one stands below the left one."""
    with st.container(horizontal=True, gap="medium"):
        return st.container(width=_LEFT), st.container()
