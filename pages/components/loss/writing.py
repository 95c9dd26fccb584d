"""N-gram models write beside a network, with the same random numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.components import ladders
from pages.components.layout import how_to_read, problems
from pages.components.networks import network
from pages.components.pickers.address import one_of
from rnnlab.figures.ladder import rung_name
from rnnlab.inspection.writing import SamplingSettings, write
from rnnlab.runs.run import Run
from rnnlab.text.baselines import MAX_ORDER

_LENGTH = 400  # characters
_HEIGHT = 260


def draw(run: Run) -> None:
    """Two texts side by side; a sentence where one of them cannot be had."""
    order, seed = _choices()
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(f"The {rung_name(order)} model", anchor=False)
        with problems():
            _show(by_counting(run, order, seed))
    with right:
        st.subheader("The network", anchor=False)
        with problems():
            _show(by_network(run, seed))
    how_to_read(
        "Both draw each character from what they expect, with the same random numbers, at "
        "temperature 1. The higher the order, the more of what is written stands word for word in "
        "the training text."
    )


def _choices() -> tuple[int, int]:
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        order = one_of(
            "Order",
            range(MAX_ORDER + 1),
            3,
            format_func=rung_name,
            key="loss_order",
            help="How many characters the model knows of: those before it, and the one it "
            "predicts.",
        )
        seed = st.number_input(
            "Random seed",
            0,
            2**32 - 1,
            1,
            key="loss_seed",
            width=140,
            help="Another number, another pair of texts.",
        )
    return int(order), int(seed)


def _show(text: str) -> None:
    st.code(text, language=None, wrap_lines=True, height=_HEIGHT)


def by_counting(run: Run, order: int, seed: int) -> str:
    """What the n-gram model of a run's training part writes.

    Raises:
        ValueError: the text is not here, or another one.
    """
    models, vocabulary = ladders.models(run), run.vocabulary()
    prime = vocabulary.encode(vocabulary.opening())
    ids = models.write(prime, order, np.random.default_rng(seed).random(_LENGTH))
    return vocabulary.decode(list(ids))


def by_network(run: Run, seed: int) -> str:
    """What the network of a run writes with the same random numbers.

    Raises:
        ValueError: it has no weights yet, or they diverged.
    """
    found = network(run, "best")
    sampling = SamplingSettings("", length=_LENGTH, temperature=1.0, seed=seed)
    return write(found.model, found.vocabulary, sampling, found.item_end).text
