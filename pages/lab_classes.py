"""Lab 4: names to languages and back, and what a hidden state is for."""

from __future__ import annotations

import streamlit as st

from pages.components.lab_classes import names, scores, writing
from pages.components.labs import page as lab_page
from pages.components.labs import results as lab_results
from pages.components.labs import runner as lab_runner
from rnnlab.experiments.catalog import EXPERIMENTS, of_lab

CLASSIC = EXPERIMENTS["language-classic"]
BEST = EXPERIMENTS["language-best"]
CLASSIFIERS = [
    EXPERIMENTS[f"language-{name}"]
    for name in ("both-ways", "two-layers", "one-way", "window", "classic")
]
STATES = [EXPERIMENTS[n] for n in ("next-window", "next-rnn", "language-window")]
SURNAME = EXPERIMENTS["surname"]

lab_page.begin("classes")

st.header("1. A name, and then one answer", anchor=False)
st.markdown(
    "Many to one: the network reads a surname letter by letter, and only what it says after the "
    "**last letter** counts: one of 18 languages. The oldest version of this exercise has two "
    "linear layers and **no activation**: its hidden state is a linear recurrence, a sum over the "
    "letters, each multiplied by a power of the same matrix. It learns from one name at a time, "
    "without accents, and the language is drawn first."
)
lab_runner.runner(CLASSIC, key="classes_classic")
scores.draw(CLASSIC)

st.header("2. As good as it gets", anchor=False)
st.markdown(
    "A **bidirectional** network reads the name from both ends and joins both final states: that "
    "after the last real letter and, read backwards, that after the first. Four of them vote. "
    "What they must beat is **naive Bayes**, which counts groups of one to four letters and knows "
    "no order beyond them; then the two are asked **together**. All are "
    "tested on the same names, none of which was learned: names are "
    "held back whole, even where they stand under a second language."
)
scores.beside_baselines(BEST, CLASSIFIERS)
scores.one_of([BEST, *CLASSIFIERS[:-2]], key="classes_best")
scores.confusion()

st.header("3. Type a name", anchor=False)
names.draw()

st.header("4. Without a hidden state", anchor=False)
st.markdown(
    "A perceptron over a **window** sees the last few characters side by side and has no state to "
    "carry. With as many parameters as the recurrent network, it does two things: this task, "
    "where six letters are most of a name, and the next character of our play, where what matters "
    "may stand far back."
)
scores.with_and_without()
scores.one_of(STATES, key="classes_states")

st.header("5. From a language to a name", anchor=False)
st.markdown(
    "One to many: the first symbol is the language, and the network writes a name of it. Give it "
    "a first letter as well, and it goes on from there."
)
lab_runner.runner(SURNAME, key="classes_surname")
writing.draw()

st.header("6. Published and ours", anchor=False)
lab_results.table(of_lab("classes"))

lab_page.sources("classes")
