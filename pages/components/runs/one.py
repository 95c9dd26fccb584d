"""One run: what it is, where to go with it, what can be done to it; and runs loaded from a zip.

Runs that cannot be opened are named, each with its reason.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components import services
from pages.components.layout import show_error
from pages.components.runs import table
from rnnlab.runs.errors import RunError
from rnnlab.runs.export import MAX_ZIP_BYTES, MEGABYTE, export_zip, import_zip
from rnnlab.runs.run import Run
from rnnlab.runs.table import all_settings, file_name, state_sentence, state_title

_PROBLEM = "runs_problem"
_PAGES = (
    ("pages/train.py", "Its training", ":material/model_training:"),
    ("pages/generate.py", "Let it write", ":material/edit_note:"),
    ("pages/hidden_units.py", "Its hidden units", ":material/grid_on:"),
)


def problems() -> None:
    """What could not be done a moment ago, and why."""
    if sentence := st.session_state.pop(_PROBLEM, ""):
        show_error(sentence)


def card(run: Run) -> None:
    """A run with its links and its tools."""
    status = run.status()
    with st.container(border=True):
        st.text(run.name)
        ships = " It ships with the lab and cannot be changed." if run.read_only else ""
        st.text(
            f"{state_title(status)}. {state_sentence(status, was_imported=run.was_imported)}{ships}"
        )
        if run.note:
            st.text(run.note)
        with st.container(horizontal=True, gap="small"):
            for page, label, icon in _PAGES:
                st.page_link(page, label=label, icon=icon, query_params={"run": run.id})
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            _download(run)
            if not run.read_only:
                _rename(run)
                _delete(run)
            _settings(run)


def _settings(run: Run) -> None:
    with st.popover("All settings", icon=":material/tune:", key=f"runs_settings_{run.id}"):
        st.dataframe(
            pd.DataFrame(all_settings(run.config), columns=["Setting", "Value"]),
            hide_index=True,
            height=420,
            alt="All settings of the run.",
        )


def _download(run: Run) -> None:
    st.download_button(
        "Download",
        lambda: export_zip(run),
        file_name(run),
        "application/zip",
        icon=":material/download:",
        key=f"runs_zip_{run.id}",
        on_click="ignore",
        help="One zip with settings, curve, samples and weights. It can be loaded here or in "
        "another lab, read, sampled and opened up, but not trained further.",
    )


def _rename(run: Run) -> None:
    with st.popover("Rename", icon=":material/edit:", key=f"runs_rename_{run.id}"):
        st.text_input(
            "Name",
            run.name,
            key=f"runs_name_{run.id}",
            help="What it is called in all lists; its address stays the same.",
        )
        st.button("Save", type="primary", key="runs_rename_now", on_click=_renamed, args=(run.id,))


def _renamed(run_id: str) -> None:
    try:
        services.store().rename(run_id, st.session_state[f"runs_name_{run_id}"])
    except (RunError, OSError) as error:
        st.session_state[_PROBLEM] = str(error)


def _delete(run: Run) -> None:
    with st.popover("Delete", icon=":material/delete:", key=f"runs_delete_{run.id}"):
        st.text(run.name)
        st.caption(
            "Deletes this run from the disk, with weights, curve and samples. There is no way "
            "back; a download keeps a copy."
        )
        _delete_now([run])


def delete_several(runs: list[Run]) -> None:
    """A button that deletes all of these after a second click, apart from those of the gallery."""
    doomed = [run for run in runs if not run.read_only]
    if not doomed:
        return
    count = f"{len(doomed)} run{'s' * (len(doomed) > 1)}"
    key = f"runs_delete_{' '.join(run.id for run in doomed)}"
    with st.popover(f"Delete {count}", icon=":material/delete:", key=key):
        st.text("\n".join(run.name for run in doomed))
        st.caption(
            f"Deletes {count} from the disk, with weights, curves and samples. There is no way "
            "back."
        )
        _delete_now(doomed)


def _delete_now(runs: list[Run]) -> None:
    st.button(
        "Delete for good",
        type="primary",
        key="runs_delete_now",
        on_click=deleted,
        args=([run.id for run in runs],),
    )


def deleted(run_ids: list[str]) -> None:
    """Delete runs; what cannot be deleted is said at the next drawing of the page."""
    sentences = []
    for run_id in run_ids:
        try:
            services.store().delete(run_id)
            table.forget(run_id)
        except (RunError, OSError) as error:
            sentences.append(str(error))
    st.session_state[_PROBLEM] = " ".join(sentences)


_UPLOADS, _LOADING_PROBLEM, _NEWS = "runs_uploads", "runs_load_problem", "runs_load_news"


def load() -> None:
    """A form for a zip that was downloaded from a lab."""
    with st.expander("Load a run from a zip", icon=":material/upload:"):
        st.file_uploader(
            "Zip of a run",
            type="zip",
            max_upload_size=MAX_ZIP_BYTES // MEGABYTE,
            key=_upload_key(),
            help="As made by Download, here or in another lab. Nothing in it is executed: names, "
            "sizes, formats and numbers are checked before anything is stored.",
        )
        st.button("Load", type="primary", key="runs_load", on_click=_load)
        if sentence := st.session_state.pop(_LOADING_PROBLEM, ""):
            show_error(sentence)
    if news := st.session_state.pop(_NEWS, ""):
        st.toast(news, icon=":material/check:")


def _load() -> None:
    upload = st.session_state.get(_upload_key())
    if upload is None:
        st.session_state[_LOADING_PROBLEM] = "There is no file yet; choose the zip of a run."
        return
    try:
        run = import_zip(services.store(), upload.getvalue())
    except (RunError, OSError) as error:
        st.session_state[_LOADING_PROBLEM] = str(error)
        return
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1
    table.choose_only(run.id)
    st.session_state[_NEWS] = "Loaded, and chosen in the table."


def _upload_key() -> str:
    return f"runs_upload_{st.session_state.get(_UPLOADS, 0)}"


def broken() -> None:
    """Folders that look like runs and cannot be opened, each with the reason."""
    found = services.store().broken()
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
                    on_click=deleted,
                    args=([run_id],),
                )
