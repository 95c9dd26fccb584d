"""Which of the ranked units the text is colored by; `?shown=`, without it the winner."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from pages.components.find_reading import Found
from rnnlab.inspection.unit_states import Unit

SHOWN = "shown"  # in the URL
_PICKED, _FOR = "find_shown_picked", "find_shown_for"


def unit(result: Found, question: Hashable) -> Unit:
    """Draw the choice, and give the unit.

    Args:
        question: what was looked for; after another one, the winner is shown again.
    """
    titles = [each.title for each in result.units]
    _forget_after_another(question)
    asked = st.query_params.get(SHOWN)
    st.session_state[_PICKED] = asked if asked in titles else titles[0]
    chosen = st.selectbox(
        "Unit shown below",
        titles,
        key=_PICKED,
        on_change=_follow,
        width=260,
        help="Whose values color the text; a click on a bar chooses it as well.",
    )
    return result.units[titles.index(chosen)]


def show(title: str) -> None:
    """Show this unit from now on."""
    st.query_params[SHOWN] = title


def _follow() -> None:
    show(st.session_state[_PICKED])


def _forget_after_another(question: Hashable) -> None:
    """A unit that was chosen for one question means nothing for the next, unless a link names
    both."""
    asked = st.query_params.get(SHOWN)
    before, chosen = st.session_state.get(_FOR, (question, asked))
    if before != question and chosen == asked and asked is not None:
        del st.query_params[SHOWN]
    st.session_state[_FOR] = question, st.query_params.get(SHOWN)
