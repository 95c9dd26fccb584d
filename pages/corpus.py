"""The text that a network learns from, and how it becomes numbers and batches."""

from __future__ import annotations

import streamlit as st

from pages.components import corpora, frame, services
from pages.components.corpus import choice, cut, own, vocabulary
from pages.components.corpus import text as corpus_text
from pages.components.layout import show_error
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.training.config import ConfigError

frame.begin(
    "Corpus",
    "A network knows nothing but the text it is given. Look at that text the way the network "
    "will: as characters with numbers, cut into parts and batches.",
)

text = choice.choose()
own.add()
if text is None:
    st.stop()
if services.library().entry(text.name).kind == "own":
    own.remove(text.name)

corpus_text.facts(text)
corpus_text.grammar(text)

left, right = st.columns([5, 3], gap="large")
with left:
    st.header("The text as it is", anchor=False)
    corpus_text.reading(text)
with right:
    st.header("Its vocabulary", anchor=False)
    vocabulary.table(text)

st.header("From characters to numbers", anchor=False)
st.markdown(
    "The distinct characters of the text are its **vocabulary**. Each has an index; the index "
    "makes a one-hot vector; and the one-hot vector picks the numbers that the network works with."
)
vocabulary.path(text)

st.header("The split", anchor=False)
cut.fill_once(text)
cut.split_controls(text)
try:
    config = cut.config(text)
    cut.draw_split(text, corpora.split(text, config), config)
except (ConfigError, CorpusError) as error:
    show_error(error)
    st.stop()

st.header("One batch, as the network sees it", anchor=False)
st.markdown(
    "An update learns from many short sequences at once, each one a row. The network reads the "
    "upper row from left to right, and at every character it must predict the one below."
)
cut.batch_controls(text)
try:
    config = cut.config(text)
except ConfigError as error:
    show_error(error)
    st.stop()
cut.batch(text, config)
cut.train_button(config)
