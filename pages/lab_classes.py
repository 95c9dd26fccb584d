"""Lab 4: names to languages and back, and what a hidden state is for."""

from __future__ import annotations

import streamlit as st

from pages.components import (
    classes_classic,
    classes_name,
    classes_network,
    classes_scores,
    classes_writing,
    labs_page,
    labs_results,
    labs_run,
)
from rnnlab.experiments.catalog import EXPERIMENTS

CLASSIC = EXPERIMENTS["language-classic"]
CLASSIFIERS = [
    EXPERIMENTS[f"language-{name}"]
    for name in ("best", "both-ways", "two-layers", "one-way", "window", "classic")
]
SHAPES = [
    EXPERIMENTS[f"language-{name}"] for name in ("best", "both-ways", "two-layers", "one-way")
]
STATES = [
    EXPERIMENTS[name] for name in ("language-one-way", "language-window", "next-rnn", "next-window")
]
SURNAME = EXPERIMENTS["surname"]

labs_page.begin("classes")

st.header("1. A name, and then one answer", anchor=False)
st.markdown(
    "Many to one: the network reads a surname letter by letter, and only what it says after the "
    "**last letter** counts: one of 18 languages. The oldest version of this exercise has two "
    "linear layers and **no activation**: its hidden state is a linear recurrence, a sum over the "
    "letters, each multiplied by a power of the same matrix. It learns from one name at a time; "
    "the language is drawn first."
)
labs_run.runner(CLASSIC, key="classes_classic")
shown = next(
    (run for run in classes_network.finished("language") if CLASSIC.is_made_by(run.config)), None
)
if shown is not None:
    classes_classic.draw(shown, CLASSIC)
labs_results.table([CLASSIC])

st.header("2. As good as it gets", anchor=False)
st.markdown(
    "A **bidirectional** network reads the name from both ends and joins both final states: that "
    "after the last real letter and, read backwards, that after the first. Four of them vote. "
    "What they must beat is **naive Bayes**, which counts groups of one to four letters and knows "
    "no order beyond them. All are tested on the same names, none of which was learned: names are "
    "held back whole, even where they stand under a second language."
)
labs_run.runner(EXPERIMENTS["language-best"], key="classes_best")
classes_scores.beside_baselines(CLASSIFIERS)
labs_results.table(SHAPES)
classes_scores.confusion()

st.header("3. Type a name", anchor=False)
classes_name.draw()

st.header("4. Without a hidden state", anchor=False)
st.markdown(
    "A perceptron over a **window** sees the last few characters side by side and has no state to "
    "carry. With as many parameters as the recurrent network, it does two things: this task, "
    "where six letters are most of a name, and the next character of our play, where what matters "
    "may stand far back."
)
labs_run.runner(EXPERIMENTS["next-window"], key="classes_window")
labs_results.table(STATES)

st.header("5. From a language to a name", anchor=False)
st.markdown(
    "One to many: the first symbol is the language, and the network writes a name of it. Give it "
    "a first letter as well, and it goes on from there."
)
labs_run.runner(SURNAME, key="classes_surname")
labs_results.table([SURNAME])
classes_writing.draw()

labs_page.sources("classes")
