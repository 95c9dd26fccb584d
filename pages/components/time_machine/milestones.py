"""When a network learned what: lines of surprise with a ring at each milestone, and definitions.

Each definition stands beside the source that computes it.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.browser.plot import Click, plot
from pages.components.layout import definition, escape_markdown, how_to_read
from pages.components.pickers.address import one_of
from pages.components.time_machine.controls import jump_to
from pages.components.time_machine.reading import WRITTEN, TextCounts
from rnnlab.figures.milestones import (
    milestone_chart,
    milestones_told,
    updates_at,
    words_chart,
    words_told,
)
from rnnlab.inspection.milestones import (
    RULES,
    Learning,
    Rule,
    first_for_good,
    learning,
    word_counts,
)
from rnnlab.inspection.snapshots import character_map
from rnnlab.runs.texts import SourceText
from rnnlab.text.features import learnable
from rnnlab.text.vocabulary import Vocabulary


def film() -> None:
    """What the film shows at each snapshot."""
    definition(
        r"r_j = \operatorname{corr}(h_{\cdot j},\, a), \qquad "
        r"\text{map}_m(c) = (E_m[c] - \bar E_{\text{end}})\, W_{\text{end}}^{\top}",
        "$h_{\\cdot j}$ are the values of unit $j$ over the text that milestones are measured on, "
        "$a$ is 1 where the character just read has the feature and 0 elsewhere. $E_m[c]$ is the "
        "vector of character $c$ at moment $m$, $W_{\\text{end}}$ the first two principal "
        "components of the last moment's vectors: one map for all moments, so what does not move "
        "does not move here. Every moment writes with the same random numbers $u_1, u_2, \\dots$: "
        "character $n$ is the one at the share $u_n$ of the probability, in the order of the "
        "vocabulary.\n\n"
        "**Misleading:** the best of many units follows anything a little, even before training; "
        "look at how far the bars have come since the first moment. |r| says what goes together "
        "with a unit, not what it is used for. Two directions show a small part of the vectors "
        "(the shares stand below the map): characters that lie together may differ in others. And "
        "once two texts part by one character, all that follows differs.",
        "",
        character_map,
    )


def milestones() -> None:
    """What counts as learned."""
    definition(
        r"s_K(m) = -\frac{1}{|K|} \sum_{t \in K} \log_2 p_m(x_t \mid x_1 \dots x_{t-1}), \qquad "
        r"\text{learned at } m \iff s_K(m') < \ell_K \text{ for every stored } m' \ge m",
        "$K$ are the places where one kind of character stands, $p_m$ is the network at moment "
        "$m$. The level $\\ell_K$ is what counted pairs reach at the same places (Witten and Bell; "
        "see *What a loss means*), or $\\log_2 V - w\\,(\\log_2 V - s_K(\\text{end}))$ with $w$ "
        "one half or 0.9. A milestone lies somewhere between the moment before and its own: "
        "between them nothing was stored.\n\n"
        "**Misleading:** surprise looks only at the places where the kind did come. A network that "
        "expects spaces everywhere is little surprised by spaces, long before it knows where they "
        "belong: that is why half of the way comes early for what is frequent. Kinds with few "
        "places have lines that jump, and their ring may stand one moment too early or too late; "
        "line breaks can be foreseen only where lines end for a "
        "reason.",
        "",
        first_for_good,
    )


_RULE = "learned"  # in the URL


def draw(
    source: SourceText,
    text: str,
    vocabulary: Vocabulary,
    counted: TextCounts,
    steps: tuple[int, ...],
    bits: np.ndarray,
) -> None:
    """The lines, their order in words, and the table.

    Args:
        text: what was measured, the beginning of the source.
        bits: (M, N − 1) surprise at each snapshot.
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
        f"Measured on {len(text):,} characters. {escape_markdown(source.note)} The short words are "
        f"{escape_markdown(', '.join(counted.short[:8]))} and the like, without their first "
        "letters. A click on a point takes the film above to its moment."
    )
    _table(lines, steps, rule)
    milestones()


def _rule(counted: TextCounts) -> Rule:
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
        place, level = line.learned(rule), line.level(rule)
        rows.append(
            {
                "Kind": line.name,
                "Learned by update": "–" if place is None else f"{steps[place]:,}",
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


def draw_words(texts: list[str], counted: TextCounts, steps: tuple[int, ...]) -> None:
    """Which of the written words are words of the training text."""
    st.header("Words it writes", anchor=False)
    found = word_counts(texts, counted.words)
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
