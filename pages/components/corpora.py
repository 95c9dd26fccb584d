"""Corpora and what is computed from them, kept between runs of a page and rebuilt when lost."""

from __future__ import annotations

import streamlit as st

from pages.components import services
from rnnlab.folders import data_folder
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.text.split import Split
from rnnlab.text.vocabulary import Vocabulary, VocabularyTable, vocabulary_table
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import Task, split_of


def corpus(name: str) -> Corpus:
    """A corpus that is here; CorpusError when it cannot be read."""
    return _corpus(str(data_folder()), name)


def vocabulary(text: Corpus) -> Vocabulary:
    """The distinct characters of all of it."""
    return _vocabulary(text, text.sha256)


def characters(text: Corpus) -> VocabularyTable:
    """Its characters with their counts."""
    return _characters(text, text.sha256)


def split(text: Corpus, config: RunConfig) -> Split:
    """Its parts; CorpusError when one would be too small."""
    shares = (config.max_characters, config.train_share, config.validation_share)
    return _split(
        text, text.sha256, text.name, (*shares, config.drop_duplicates, config.seed), config
    )


def material(text: Corpus, config: RunConfig) -> Task:
    """What a run with this config learns from; CorpusError when the text does not suffice."""
    return _material(text, text.sha256, config.to_json(), config)


def forget() -> None:
    """Read corpora anew: an own text was added or removed."""
    _corpus.clear()


@st.cache_resource(max_entries=6, show_spinner="Reading the text …")
def _corpus(folder: str, name: str) -> Corpus:
    return services.library().load(name)


@st.cache_resource(max_entries=12, show_spinner=False)
def _vocabulary(_text: Corpus, sha256: str) -> Vocabulary:
    return Vocabulary.from_text(_text.text)


@st.cache_resource(max_entries=12, show_spinner=False)
def _characters(_text: Corpus, sha256: str) -> VocabularyTable:
    return vocabulary_table(_text.text, vocabulary(_text))


@st.cache_resource(max_entries=6, show_spinner=False)
def _split(
    _text: Corpus, sha256: str, name: str, choices: tuple[float, ...], _config: RunConfig
) -> Split:
    return split_of(_config, _text)


@st.cache_resource(max_entries=6, show_spinner=False)
def _material(_text: Corpus, sha256: str, settings: dict[str, object], _config: RunConfig) -> Task:
    return make_task(_config, _text)
