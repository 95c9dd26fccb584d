"""Two models, one text: where one network knows better than another."""

from __future__ import annotations

import streamlit as st

from pages.components import frame
from pages.components.layout import escape_markdown, problems
from pages.components.networks import network
from pages.components.pickers import run as run_picker
from pages.components.pickers import text as text_picker
from pages.components.pickers.run import trained_run
from pages.components.pickers.snapshot import OTHER, snapshot_picker
from pages.components.two_models import figures
from pages.components.two_models.reading import (
    Both,
    Pair,
    long_text,
    names_of,
    read_both,
    who_learned,
)
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt


@st.fragment
def draw(run: Run, other: Run) -> None:
    """The choice of text and of two snapshots, and every figure."""
    columns = st.columns(2, gap="large")
    with problems():
        with columns[0]:
            first = snapshot_picker(run, label="A after update")
        with columns[1]:
            same = run.id == other.id  # two snapshots of one network, which must differ
            second = snapshot_picker(other, key=OTHER, label="B after update", early=same)
        names = names_of((run, other), (first, second))
        pair = Pair(network(run, first), network(other, second), names, (run, other))
        controls = st.columns([2, 1], gap="large")
        part = text_picker.choose(
            run, pair.first.vocabulary, controls, key="two", first=text_picker.UNSEEN
        )
        if part is not None:
            _compare(pair, part)
    with st.expander("Definitions, and where they can mislead", icon=":material/functions:"):
        figures.definitions()


def _compare(pair: Pair, part: Excerpt) -> None:
    near = read_both(pair, part.with_before)
    text, title = long_text(pair.runs[0], part)
    with st.spinner("Both networks read the text …"):
        whole = read_both(pair, text)
    _say(pair, whole, title)
    figures.numbers(pair, whole)
    figures.colored(pair, near, part)
    figures.by_class(pair, whole)
    figures.hardest(pair, whole)
    figures.saturation(pair, whole)


def _say(pair: Pair, whole: Both, title: str) -> None:
    """On what the numbers stand, and what speaks against comparing them."""
    said = [f"Numbers: over {len(whole.text) - 1:,} characters of {title}."]
    if whole.left_out:
        said.append(f"{whole.left_out:,} that only one of the two knows were left out.")
    sizes = [len(each.vocabulary) for each in (pair.first, pair.second)]
    if pair.first.vocabulary != pair.second.vocabulary:
        said.append(
            f"A chooses between {sizes[0]} characters, B between {sizes[1]}: only those that both "
            "know are read, but what a network gives to others is lost to it."
        )
    learned = who_learned(pair, whole.text)
    if len(learned) == 1:
        learned.append("So a part of the difference is memory of this very text.")
    if pair.first.item_end is not None or pair.second.item_end is not None:
        said.append(
            "A network that learned single items, each from an empty memory, reads them here as "
            "one text."
        )
    st.caption(escape_markdown(" ".join([*said, *learned])))


frame.begin(
    "Two models, one text",
    "The same text through two networks, or through one at two moments of its training: which "
    "characters does one of them expect, and the other not?",
)

columns = st.columns(2, gap="large")
with columns[0]:
    run = trained_run()
if run is not None:
    with columns[1]:
        other = run_picker.other_run(run)
    draw(run, other)
