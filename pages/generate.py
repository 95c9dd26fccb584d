"""Generate: a network writes, character by character, and shows what it thinks meanwhile."""

from __future__ import annotations

import streamlit as st

from pages.components import frame, services
from pages.components.generate import settings
from pages.components.generate.side import Side, draw
from pages.components.layout import how_to_read, problems
from pages.components.networks import Network, network
from pages.components.pickers.run import trained_run
from pages.components.pickers.snapshot import snapshot_name, snapshot_picker
from pages.components.pickers.text import all_known
from pages.components.pickers.values import row, value_picker
from rnnlab.inspection.writing import first_difference
from rnnlab.runs.run import Run
from rnnlab.text.visible import visible

_COMPARE, _OTHER = "generate_compare", "generate_other_run"


@st.fragment
def view(run: Run, snapshot: str) -> None:
    """Draw everything that changes with a setting; the rest of the page is not run again."""
    length, seed, compare = _shared_controls()
    if compare:
        left, right = st.columns(2, gap="medium")
        with left, st.container(border=True, height="stretch"):
            first = _first(run, snapshot, length, seed)
        with right, st.container(border=True, height="stretch"):
            second = _second(run, length, seed)
        _two(first, second)
    else:
        _one(_side("left", run, snapshot, length, seed))


def _shared_controls() -> tuple[int, int, bool]:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        settings.prime()
    with right:
        length, seed = settings.length_and_seed()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Write another",
                type="primary",
                icon=":material/casino:",
                on_click=settings.roll,
                help="Takes another random seed, so that another text is written.",
            )
            compare = st.toggle(
                "Side by side",
                key=_COMPARE,
                persist_state="session",
                help="Write a second text beside this one with other settings, another moment of "
                "training or another run. Both use the same random numbers, so every difference "
                "comes from what you changed.",
            )
    return length, seed, compare


def _first(run: Run, snapshot: str, length: int, seed: int) -> Side | None:
    st.text("On the left")
    st.text(f"{run.name}, {snapshot_name(snapshot)}")
    return _side("left", run, snapshot, length, seed, narrow=True)


def _second(run: Run, length: int, seed: int) -> Side | None:
    runs = {other.id: other for other in [run, *services.store().runs()] if other.writes_text}
    if st.session_state.get(_OTHER) not in runs:
        st.session_state[_OTHER] = run.id
    left, right = st.columns(2, vertical_alignment="bottom")
    chosen = left.selectbox(
        "On the right",
        list(runs),
        format_func=lambda run_id: runs[run_id].name if run_id in runs else run_id,
        key=_OTHER,
        persist_state="session",
        help="The same run with other settings, or any other run.",
    )
    with right:
        snapshot = snapshot_picker(runs[chosen], key="generate_other_snapshot")
    return _side("right", runs[chosen], snapshot, length, seed, narrow=True)


def _side(
    name: str, run: Run, snapshot: str, length: int, seed: int, *, narrow: bool = False
) -> Side | None:
    """The settings of a side; None, with a sentence, when its network cannot write."""
    usual = 0.8 if name == "left" else 0.4  # so that two sides differ at once
    sampling = settings.sampling(name, length, seed, usual=usual, narrow=narrow)
    found = _network(run, snapshot)
    if found is None or not all_known(found.vocabulary, settings.PRIME, name):
        return None
    return Side(name, run, found, sampling)


def _network(run: Run, snapshot: str) -> Network | None:
    with problems():
        return network(run, snapshot)
    return None


def _one(side: Side | None) -> None:
    if side is None or not _writes(side):
        return
    with row():
        choice = value_picker(side.network.model)
    draw(side, choice)
    _how_to_read()


def _two(first: Side | None, second: Side | None) -> None:
    sides = [side for side in (first, second) if side is not None and _writes(side)]
    if not sides:
        return
    with row():
        choice = value_picker(sides[0].network.model)
    both = len(sides) == 2
    if both:
        _say_difference(*sides)
    columns = dict(zip(("left", "right"), st.columns(2, gap="medium"), strict=True))
    for side, other in zip(sides, reversed(sides), strict=True):
        with columns[side.name]:
            draw(side, choice, other if both else None)
    _how_to_read()


def _writes(side: Side) -> bool:
    """Whether a side can write; if not, a sentence says why."""
    with problems():
        side.written()
        return True
    return False


def _say_difference(first: Side, second: Side) -> None:
    texts = first.written().text, second.written().text
    place = first_difference(*texts)
    if place is None:
        st.text("Both texts are the same, character by character.")
        return
    signs = [visible(text[place : place + 1]) or "nothing" for text in texts]
    st.text(
        f"The texts part at position {place:,}: {signs[0]} on the left, {signs[1]} on the right. "
        "After that, each network goes on reading its own text."
    )
    if first.network.vocabulary != second.network.vocabulary:
        st.caption(
            "The two networks know different characters, so equal random numbers do not mean the "
            "same character to them."
        )


def _how_to_read() -> None:
    how_to_read(
        "The stronger the color of a character, the surer the network was; faint ones surprised "
        "it. Point at a character to see what it nearly was. In the heatmap, each row is a hidden "
        "unit and each column what it held after that character; the bars are what it expects next."
    )


frame.begin(
    "Generate",
    "Let a trained network write. It draws one character at a time from what it expects, reads "
    "what it has just written, and goes on.",
)

left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
with left:
    run = trained_run()
if run is not None:
    with right:
        snapshot = snapshot_picker(run)
    view(run, snapshot)
