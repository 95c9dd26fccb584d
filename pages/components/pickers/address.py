"""Choices that stand in the address bar and whose options change with the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import streamlit as st

Option = TypeVar("Option")


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


def one_of(
    label: str,
    options: Sequence[Option],
    usual: Option | None = None,
    *,
    key: str,
    help: str,
    **more: Any,
) -> Option:
    """Draw a choice of one of a few; the usual one where the address says something else.

    Args:
        options: at least one.
        usual: chosen at first; None: the first one.
        key: in the session and in the address.
        more: as `st.segmented_control` takes it.
    """
    usual = options[0] if usual is None else usual
    chosen = st.segmented_control(
        label,
        options,
        default=initial(key, options, usual),
        required=True,
        key=key,
        bind="query-params",
        help=help,
        **more,
    )
    return chosen if chosen in options else usual


def address_list(
    label: str,
    options: Sequence[str],
    shown: str,
    *,
    param: str,
    help: str,
    format_func: Callable[[str], str] = str,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """Draw a list whose choice stands in the address, as `?param=`, from when somebody chooses.

    A list box that is bound to the address puts its labels there, and labels change.

    Args:
        options: what may stand in the address.
        shown: the one of them on which the list stands.
        format_func: its label, in the list.
    """
    key = picked(param)
    st.session_state[key] = shown
    return st.selectbox(
        label,
        options,
        key=key,
        format_func=format_func,
        on_change=_follow,
        args=(param,),
        width=width,
        help=help,
    )


def picked(param: str) -> str:
    """Under which key of the session such a list stands."""
    return f"{param}_picked"


def _follow(param: str) -> None:
    st.query_params[param] = st.session_state[picked(param)]


def whole_number(
    title: str, options: range, usual: int, *, key: str, help: str, **more: Any
) -> int:
    """Draw the field of a whole number; left empty, it is the usual one.

    Args:
        options: at least one.
        key: in the session and in the address.
        more: as `st.number_input` takes it.
    """
    chosen = st.number_input(
        title,
        options[0],
        options[-1],
        value=None,  # so that the address names any number that is chosen, the first one as well
        step=1,
        key=key,
        bind="query-params",
        help=help,
        **more,
    )
    return usual if chosen is None else min(max(int(chosen), options[0]), options[-1])


def is_chosen(key: str, options: Sequence[Any]) -> bool:
    """Whether somebody chose one of the options, here or in the address."""
    if key in st.session_state:
        return st.session_state[key] in options
    return st.query_params.get(key) in [str(option) for option in options]


def put(key: str, value: Any) -> None:
    """Give such a choice a value, from a callback or before its widget is drawn."""
    st.session_state[key] = value
    st.session_state[_mark(key)] = True


def _mark(key: str) -> str:
    return f"{key}_was_put"
