"""What a choice of settings amounts to, before the run starts: size, work, time, warnings."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pages.components import lab, train_corpus
from pages.components.plain import problem
from rnnlab.text.corpus import CorpusError
from rnnlab.training.config import ConfigError, RunConfig
from rnnlab.training.estimates import Outlook, Speed, outlook
from rnnlab.training.tasks import prepare
from rnnlab.training.wording import duration_text


def before_the_start(config: RunConfig) -> bool:
    """Say what to expect; False when a run with these settings cannot start."""
    try:
        expected = _expected(config)
    except (CorpusError, ConfigError) as error:
        problem(error)
        return False
    _sum(expected)
    _work(config, expected)
    for warning in expected.warnings:
        st.caption(f":orange[:material/warning:] {warning}")
    return True


def is_here(corpus: str) -> bool:
    """Whether a corpus can be learned from at once."""
    try:
        return lab.library().is_here(corpus)
    except CorpusError:
        return False


def _sum(expected: Outlook) -> None:
    terms = " + ".join(f"{term.formula}" for term in expected.terms)
    named = "  \n".join(f"{term.label}: {term.formula} = {term.count:,}" for term in expected.terms)
    st.markdown(
        f"**{expected.parameters:,} parameters** = {terms}",
        help=f"{named}  \nEvery unit has one weight for each of its inputs, for each hidden unit "
        "of its own layer, and two biases, as torch counts them.",
    )


def _work(config: RunConfig, expected: Outlook) -> None:
    st.caption(
        f"{_number(expected.characters_per_update)} characters per update · "
        f"{expected.updates_per_epoch:,} updates per epoch  \n"
        f"About {expected.updates:,} updates, {_number(expected.epochs)} epochs, in "
        f"{duration_text(expected.seconds)}",
        help="Estimated from the speed that the waiting training process measured on this machine.",
    )


def _number(value: float) -> str:
    """Three digits, and never with an exponent when it is large."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _expected(config: RunConfig) -> Outlook:
    corpus = train_corpus.chosen(config)
    return _outlook(config, corpus.sha256, _speed())


@lru_cache(maxsize=200)
def _outlook(config: RunConfig, sha256: str, speed: Speed | None) -> Outlook:
    return outlook(prepare(config, train_corpus.chosen(config)), speed)


def _speed() -> Speed | None:
    """What the spare worker measured; None until it has."""
    measured = (lab.jobs().worker_report or {}).get("speed")
    return Speed(**measured) if measured else None


def characters_per_update(config: RunConfig) -> float:
    """Characters that one update learns from; without the corpus, as many as fit into a batch."""
    try:
        return _expected(config).characters_per_update
    except (CorpusError, ConfigError):
        return float(config.batch_size * config.seq_length)
