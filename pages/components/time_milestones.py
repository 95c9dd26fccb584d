"""When a network learned what: lines of surprise with a ring where each kind was learned."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import time_formulas
from pages.components.bound import one_of
from pages.components.frame import how_to_read
from pages.components.plain import plain
from pages.components.plot import Click, plot
from pages.components.time_controls import jump_to
from pages.components.time_reading import WRITTEN, Lore
from rnnlab.figures.milestone_chart import milestone_chart, updates_at, words_chart
from rnnlab.figures.milestone_words import milestones_told, words_told
from rnnlab.inspection.milestones import (
    RULES,
    Learning,
    Rule,
    learning,
)
from rnnlab.inspection.written_words import written_words
from rnnlab.runs.source_text import SourceText
from rnnlab.text.places import learnable
from rnnlab.text.vocabulary import Vocabulary

_RULE = "learned"  # in the URL


def draw(
    source: SourceText,
    text: str,
    vocabulary: Vocabulary,
    counted: Lore,
    steps: tuple[int, ...],
    bits: np.ndarray,
) -> None:
    """The lines, their order in words, and the table.

    Args:
        text: what was measured, the beginning of the source.
        bits: (M, N − 1) surprise at each moment.
    """
    st.header("When did it learn what?", anchor=False)
    rule = _rule(counted)
    ids, pairs = vocabulary.encode(text), None
    if counted.pairs is not None:
        pairs = -counted.pairs.log_probabilities(ids)[2] / math.log(2)
    lines = learning(bits, learnable(text, counted.short), math.log2(len(vocabulary)), pairs)
    if not lines:
        st.info("This text is too short to measure on; it has too few characters of each kind.")
        return
    st.markdown(milestones_told(lines, steps, rule))
    plot(
        milestone_chart(lines, steps, rule),
        key="time_milestones",
        height=420,
        alt="Surprise of kinds of characters at each moment of training",
        on_click=_go_to,
    )
    how_to_read(
        "Each line is one kind of character: how surprised the network is, in bits, where such a "
        "character comes next; lower is better. The ring marks from when on it counts as learned. "
        f"Measured on {len(text):,} characters. {plain(source.note)} The short words are "
        f"{plain(', '.join(counted.short[:8]))} and the like, without their first letters. A click "
        "on a point takes the film above to its moment."
    )
    _table(lines, steps, rule)
    with st.expander("Definition, and where it can mislead", icon=":material/functions:"):
        time_formulas.milestones()


def _rule(counted: Lore) -> Rule:
    rules = [rule for rule in RULES if rule != "pairs" or counted.pairs is not None]
    return one_of(
        "Learned means",
        rules,
        key=_RULE,
        help="Better than counted pairs: for good less surprised, at the same characters, than a "
        "model that counted which character follows which in the training part. Half or 90 % of "
        "the way: from guessing without any knowledge to where the network ends.",
        format_func=RULES.get,
    )


def _table(lines: list[Learning], steps: tuple[int, ...], rule: Rule) -> None:
    rows = []
    for line in lines:
        moment, level = line.learned(rule), line.level(rule)
        rows.append(
            {
                "Kind": line.name,
                "Learned by update": "–" if moment is None else f"{steps[moment]:,}",
                "Level, bits": "–" if level is None else f"{level:.2f}",
                f"After {steps[0]:,}": f"{line.bits[0]:.2f}",
                f"After {steps[-1]:,} updates": f"{line.bits[-1]:.2f}",
                "Counted pairs": "–" if line.pairs is None else f"{line.pairs:.2f}",
                "Places": f"{line.count:,}",
            }
        )
    with st.expander("As a table", icon=":material/table:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")


def _go_to(click: Click) -> None:
    if isinstance(click.x, int | float):
        jump_to(updates_at(click.x))


def draw_words(texts: list[str], counted: Lore, steps: tuple[int, ...]) -> None:
    """Which of the written words are words of the training text."""
    st.header("Words it writes", anchor=False)
    found = written_words(texts, counted.words)
    st.markdown(words_told(found.shares(), steps))
    plot(
        words_chart(found, steps),
        key="time_words",
        height=300,
        alt="Share of written words that occur in the training text, by length",
        on_click=_go_to,
    )
    known = counted.pairs is not None
    where = "the training part of its text" if known else "what it wrote itself in the end"
    how_to_read(
        f"Of the {WRITTEN} characters written at each moment: how many of the words, by length, "
        f"occur in {where}, whatever the capitals. Counts are on hover: they are small, so a line "
        "may jump by ten points by chance. A short string of letters is a word by chance far more "
        "easily than a long one."
    )
