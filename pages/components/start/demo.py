"""The one-click demo, and what is in the lab right now."""

from __future__ import annotations

import streamlit as st

from pages.components import services
from pages.components.layout import problems
from pages.components.navigation import LABS_SECTION, navigation
from pages.components.training import start as training_start
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.run import Run
from rnnlab.runs.selection import Overview, overview, passage
from rnnlab.runs.table import progress_text

_DEMO = PRESETS["demo-30s"]
_EVERY = 2.0  # seconds
_PASSAGE = 700  # characters
_CARD = 310  # pixels: the longest title of a page fits


def demo() -> None:
    """A button that trains a small network and shows it learning."""
    st.markdown(_DEMO.description)
    st.markdown(
        "- At first all characters are equally likely, and it writes noise.\n"
        "- Within seconds it knows which characters are frequent, and puts spaces.\n"
        "- Then come short words, line breaks, and speakers in capitals.\n"
        "- All the while its loss falls: how much the next character surprises it."
    )
    if not st.button(
        "Train for 30 seconds",
        icon=":material/play_arrow:",
        type="primary",
        key="start_demo",
        help="Starts a run with the settings of the preset of that name and opens the Train page, "
        "where its loss falls and its samples get better.",
    ):
        return
    with problems():
        run = training_start.start(_DEMO.config, _DEMO.title, note=_DEMO.description)
        st.switch_page("pages/train.py", query_params={"run": run.id})


def sample(run: Run | None) -> None:
    """Something that a trained network wrote."""
    text = passage(run, _PASSAGE) if run is not None else ""
    if run is None or not text:
        st.caption("No network has written anything here yet; train one first.")
        return
    st.code(text, language=None, wrap_lines=True, height=290)
    st.text(f"Written by “{run.name}”, one character after the other.")
    st.page_link(
        "pages/generate.py",
        label="Let it write more",
        icon=":material/edit_note:",
        query_params={"run": run.id},
    )


def right_now() -> None:
    """Runs and corpora in numbers, kept up to date while something trains."""
    live = _is_busy(overview(services.store()))
    st.fragment(_right_now, run_every=_EVERY if live else None)(live)


def _right_now(live: bool) -> None:
    now = overview(services.store())
    entries = services.library().entries()
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Runs of yours",
            now.own,
            help="Networks that were trained here, or are to be.",
            width="content",
        )
        st.metric(
            "In the gallery",
            now.gallery,
            help="Trained networks that ship with the lab.",
            width="content",
        )
        st.metric("Training now", len(now.training), width="content")
        st.metric("Waiting", now.waiting, help="In the queue for their turn.", width="content")
        st.metric(
            "Corpora here",
            f"{sum(services.library().is_here(entry.name) for entry in entries)} of {len(entries)}",
            help="Texts that can be learned from without the internet; the others are downloaded "
            "when you ask for them.",
            width="content",
        )
    for run in now.training:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(run.name, width="content")
            st.caption(progress_text(run.status()))
            st.page_link("pages/train.py", label="Watch it", query_params={"run": run.id})
    if live and not _is_busy(now):
        st.rerun()


def _is_busy(now: Overview) -> bool:
    return bool(now.training or now.waiting)


def tour() -> None:
    """All other pages, each in one line: the tools, and below them the labs."""
    sections = navigation()
    labs = sections.pop(LABS_SECTION)
    for pages in ([page for title, found in sections.items() if title for page in found], labs):
        with st.container(horizontal=True, gap="small"):
            for page in pages:
                with st.container(border=True, width=_CARD, height="stretch"):
                    st.page_link(page)
                    st.caption(page.help)
