"""The text that a network learns from, and how it becomes numbers and batches."""

from __future__ import annotations

import streamlit as st

from pages.components import (
    corpus_cache,
    corpus_choice,
    corpus_cut,
    corpus_own,
    corpus_text,
    corpus_vocabulary,
    frame,
    lab,
)
from pages.components.plain import problem
from rnnlab.text.corpus import CorpusError
from rnnlab.training.config import ConfigError

frame.begin(
    "Corpus",
    "A network knows nothing but the text it is given. Look at that text the way the network "
    "will: as characters with numbers, cut into parts and batches.",
)

text = corpus_choice.choose()
corpus_own.add()
if text is None:
    st.stop()
if lab.library().entry(text.name).kind == "own":
    corpus_own.remove(text.name)

corpus_text.facts(text)
corpus_text.grammar(text)

left, right = st.columns([5, 3], gap="large")
with left:
    st.header("The text as it is", anchor=False)
    corpus_text.reading(text)
with right:
    st.header("Its vocabulary", anchor=False)
    corpus_vocabulary.table(text)

st.header("From characters to numbers", anchor=False)
st.markdown(
    "The distinct characters of the text are its **vocabulary**. Each has an index; the index "
    "makes a one-hot vector; and the one-hot vector picks the numbers that the network works with."
)
corpus_vocabulary.path(text)

st.header("The split", anchor=False)
corpus_cut.fill_once(text)
corpus_cut.split_controls(text)
try:
    config = corpus_cut.config(text)
    corpus_cut.draw_split(text, corpus_cache.split(text, config), config)
except (ConfigError, CorpusError) as error:
    problem(error)
    st.stop()

st.header("One batch, as the network sees it", anchor=False)
st.markdown(
    "An update learns from many short sequences at once, each one a row. The network reads the "
    "upper row from left to right, and at every character it must predict the one below."
)
corpus_cut.batch_controls(text)
try:
    config = corpus_cut.config(text)
except ConfigError as error:
    problem(error)
    st.stop()
corpus_cut.batch(text, config)
corpus_cut.train_button(config)
