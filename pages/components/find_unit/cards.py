"""Units worth showing in class: what was found in the runs that ship, each with a link to it."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import streamlit as st

from pages.components import services
from pages.components.find_unit import choices, text
from pages.components.find_unit.reading import Wanted, excerpt_marks
from pages.components.layout import escape_markdown
from pages.components.networks import network
from pages.components.pickers import run as run_picker
from pages.components.pickers import text as text_picker
from pages.components.pickers.address import put
from rnnlab.inspection.units.search import VIEW, UnitFinding
from rnnlab.network.cells import CELLS
from rnnlab.runs.results import stored_findings
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt, excerpt

LOOK, BY_FEATURE = "look", "By feature"
_OPEN = "find_cards_open"
_GLIMPSE = 140  # characters
_CARD = 300  # pixels


def draw() -> None:
    """A card for every run that ships with findings."""
    shipped = [(run, stored_findings(run)) for run in services.store().gallery()]
    shipped = [(run, found) for run, found in shipped if found]
    shipped.sort(key=lambda each: -abs(each[1][0].r))
    if not shipped:
        return
    st.session_state.setdefault(_OPEN, choices.SHOWN not in st.query_params)
    is_open = st.session_state[_OPEN]  # not for who comes by a link to one of them
    with (
        st.expander("Worth showing in class", icon=":material/co_present:", expanded=is_open),
        st.container(horizontal=True, gap="small"),
    ):
        for run, found in shipped:
            with st.container(border=True, width=_CARD, height="stretch"):
                _card(run, found)


def _card(run: Run, found: list[UnitFinding]) -> None:
    st.markdown(f"**{escape_markdown(run.name)}**")
    _glimpse(run, found[0])
    for each in found:
        st.caption(_sentence(each))
        _ways(run, each)


def _ways(run: Run, found: UnitFinding) -> None:
    """A button that shows a finding here, and the link to it."""
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Show",
            key=f"find_show_{run.id}_{found.feature}",
            on_click=_show,
            args=(run, found),
            help=f"Look at '{found.feature}' below, at a place of the text that shows it well.",
        )
        st.link_button(
            "Link",
            f"find_unit?{urlencode(address(run, found))}",
            icon=":material/link:",
            help="The link to this finding: to open it in a new tab, or to copy it.",
        )


def _show(run: Run, found: UnitFinding) -> None:
    run_picker.show(run.id)
    choices.compare_all(CELLS[run.config.cell].states)
    put(LOOK, BY_FEATURE)
    st.session_state[choices.FEATURE] = found.feature
    put(choices.MEASURED, choices.UNSEEN)
    choices.show(found.what.title)
    put(text_picker.SOURCE, text_picker.UNSEEN)
    st.session_state[text_picker.AT] = found.position


def address(run: Run, found: UnitFinding) -> dict[str, str]:
    """What stands in the address of the page when it shows a finding."""
    return {
        run_picker.RUN: run.id,
        LOOK: BY_FEATURE,
        choices.FEATURE: found.feature,
        choices.SHOWN: found.what.title,
        text_picker.SOURCE: "Unseen",
        text_picker.AT: f"{found.position}",
    }


def _sentence(found: UnitFinding) -> str:
    r = f"{found.r:+.2f}".replace("-", "−")
    on = f"on {found.characters:,} unseen characters"
    if not found.is_above_chance:
        return (
            f"No unit for **{found.feature}**: the best has r = {r}, chance finds "
            f"{found.by_chance:.2f} ({on})."
        )
    return (
        f"**{found.feature.capitalize()}**: {found.what.title}, r = {r}; chance finds "
        f"{found.by_chance:.2f} ({on})."
    )


def _onset(run: Run, part: Excerpt, wanted: Wanted) -> int:
    """Where a glimpse of an excerpt begins, so that one sees the feature set in."""
    marks = excerpt_marks(run, part, wanted)
    if marks.dtype != bool:
        return 0
    onsets = np.flatnonzero(marks[1:] & ~marks[:-1]) + 1
    return max(int(onsets[0]) - _GLIMPSE // 3, 0) if len(onsets) else 0


def _glimpse(run: Run, found: UnitFinding) -> None:
    """A little of the text, where the corpus is here."""
    source = text_picker.source_of(run, unseen=True)
    if not source.is_corpus:
        return
    try:
        known, wanted = network(run, "best"), Wanted(found.feature)
        start = found.position + _onset(run, excerpt(source.text, found.position, VIEW), wanted)
        part, key = excerpt(source.text, start, _GLIMPSE), f"find_glimpse_{run.id}"
        text.colored(run, known, part, found.what, wanted, key=key, height=150)
    except (ValueError, OSError, IndexError):
        return
