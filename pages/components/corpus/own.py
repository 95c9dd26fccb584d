"""Adding a text of one's own to the corpora, and removing it again."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from pages.components import corpora, services
from pages.components.corpus import choice
from pages.components.layout import show_error
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.corpora.uploads import MAX_TITLE_CHARACTERS

_TITLE, _HOW, _PASTED, _ITEMS = "own_title", "own_how", "own_pasted", "own_items"
_UPLOADS = "own_uploads"  # counts what was added: a new number empties the uploader
_PROBLEM, _NEWS = "own_problem", "own_news"
_MEGABYTES = 5


def add() -> None:
    """The form for a new text, folded away."""
    with st.expander("Add your own text", icon=":material/note_add:"):
        how = st.segmented_control(
            "Where the text comes from",
            ["Upload a file", "Paste"],
            default="Upload a file",
            required=True,
            key=_HOW,
            help="Any language and script. Characters that you want to be the same (such as A "
            "and a) must be made the same before.",
        )
        if how == "Paste":
            st.text_area(
                "Text",
                key=_PASTED,
                height=160,
                placeholder="At least a hundred characters; a hundred thousand teach much more.",
                help="Line ends of all systems count as one newline. At most 5 MB.",
            )
        else:
            st.file_uploader(
                "Text file",
                type="txt",
                max_upload_size=_MEGABYTES,
                key=_upload_key(),
                help="UTF-8, UTF-16 with its byte order mark, and anything else as Latin-1. At "
                "most 5 MB.",
            )
        st.text_input(
            "Title",
            key=_TITLE,
            placeholder="Without a title, the name of the file is used.",
            help="What the text is called in all lists.",
        )
        st.toggle(
            "One item a line",
            key=_ITEMS,
            help="For lists, such as names: each line is one item, split and learned by item. "
            "Empty lines are left out.",
        )
        st.button("Add", icon=":material/add:", type="primary", key="own_add", on_click=_add)
        if sentence := st.session_state.pop(_PROBLEM, ""):
            show_error(sentence)
    if news := st.session_state.pop(_NEWS, ""):
        st.toast(news, icon=":material/check:")


def remove(name: str) -> None:
    """A button that removes an own text after a second click."""
    with st.popover("Remove this text", icon=":material/delete:", key=f"own_remove_{name}"):
        st.caption(
            "The text is deleted from this computer. Runs that learned from it stay, and show "
            "what they wrote themselves instead."
        )
        st.button("Remove it", type="primary", key="own_remove_now", on_click=_remove, args=(name,))


def _add() -> None:
    title, data = st.session_state[_TITLE], _given()
    if not data:
        st.session_state[_PROBLEM] = (
            f"There is no text yet; choose a file that is not empty and has at most {_MEGABYTES} "
            "MB, or paste something."
        )
        return
    try:
        entry = services.library().add_own(title or _file_title(), data, st.session_state[_ITEMS])
    except CorpusError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    corpora.forget()
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
    st.session_state.update({_TITLE: "", _PASTED: "", choice.KEY: entry.name})
    st.session_state[_NEWS] = "Added, and chosen above."


def _remove(name: str) -> None:
    try:
        services.library().remove_own(name)
    except CorpusError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    corpora.forget()
    st.session_state[choice.KEY] = choice.DEFAULT
    st.session_state[_NEWS] = "Removed."


def _given() -> bytes | str:
    if st.session_state[_HOW] == "Paste":
        return st.session_state.get(_PASTED, "")
    upload = st.session_state.get(_upload_key())
    return upload.getvalue() if upload else b""


def _file_title() -> str:
    upload = st.session_state.get(_upload_key())
    if upload is None or st.session_state[_HOW] == "Paste":
        return ""
    return PurePath(upload.name).stem[:MAX_TITLE_CHARACTERS]


def _upload_key() -> str:
    return f"own_file_{st.session_state.get(_UPLOADS, 0)}"
