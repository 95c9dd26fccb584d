"""Loading somebody's run from a zip, and the runs that cannot be opened."""

from __future__ import annotations

import streamlit as st

from pages.components import lab, runs_one, runs_table
from pages.components.plain import problem
from rnnlab.runs.archive import COMPRESSED_LIMIT, MEGABYTE, import_zip
from rnnlab.runs.errors import RunError

_UPLOADS, _PROBLEM, _NEWS = "runs_uploads", "runs_load_problem", "runs_load_news"


def load() -> None:
    """A form for a zip that was downloaded from a lab."""
    with st.expander("Load a run from a zip", icon=":material/upload:"):
        st.file_uploader(
            "Zip of a run",
            type="zip",
            max_upload_size=COMPRESSED_LIMIT // MEGABYTE,
            key=_upload_key(),
            help="As made by Download, here or in another lab. Nothing in it is executed: names, "
            "sizes, formats and numbers are checked before anything is stored.",
        )
        st.button("Load", type="primary", key="runs_load", on_click=_load)
        if sentence := st.session_state.pop(_PROBLEM, ""):
            problem(sentence)
    if news := st.session_state.pop(_NEWS, ""):
        st.toast(news, icon=":material/check:")


def _load() -> None:
    upload = st.session_state.get(_upload_key())
    if upload is None:
        st.session_state[_PROBLEM] = "There is no file yet; choose the zip of a run."
        return
    try:
        run = import_zip(lab.store(), upload.getvalue())
    except (RunError, OSError) as error:
        st.session_state[_PROBLEM] = str(error)
        return
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
    runs_table.choose_only(run.id)
    st.session_state[_NEWS] = "Loaded, and chosen in the table."


def _upload_key() -> str:
    return f"runs_upload_{st.session_state.get(_UPLOADS, 0)}"


def broken() -> None:
    """Folders that look like runs and cannot be opened, each with the reason."""
    found = lab.store().broken()
    if not found:
        return
    st.header("Runs that cannot be opened", anchor=False)
    for run_id, sentence in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(sentence, width="stretch")
            with st.popover("Delete", icon=":material/delete:", key=f"runs_broken_{run_id}"):
                st.caption("Deletes the folder and all that is in it. There is no way back.")
                st.button(
                    "Delete for good",
                    type="primary",
                    key=f"runs_broken_now_{run_id}",
                    on_click=runs_one.deleted,
                    args=([run_id],),
                )
