"""What a character RNN does, with the numbers of a real one."""

from __future__ import annotations

import string

import numpy as np
import streamlit as st

from pages.components import networks
from pages.components.browser.plot import plot
from pages.components.layout import how_to_read
from rnnlab.figures.start import unrolled
from rnnlab.inspection.predictions import Preview, preview, readable_text
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.runs.run import Run
from rnnlab.text.vocabulary import Vocabulary

_TEXTS = ("I have seen the", "saurus", "abcde")
_LENGTH = 12


def draw(run: Run | None) -> None:
    """A text, character by character, through a run, or through a fresh network without one."""
    look, whose = _of_run(run) if run is not None else (None, "")
    if look is None:
        look, whose = _of_fresh_network()
    plot(
        unrolled(look),
        key="start_unrolled",
        height=330,
        alt=f"A network reads “{look.text}”: each character changes its hidden units, from which "
        "the likeliest next characters follow.",
    )
    st.text(whose)
    how_to_read(
        "From left to right, one character a step. Below, the character that is read; in the "
        "middle, hidden units between −1 (blue) and 1 (red), which the arrows carry on to the next "
        "step; above, the three characters that the network holds most likely to come next. A "
        "green frame marks the one that does come."
    )


def _of_run(run: Run) -> tuple[Preview | None, str]:
    try:
        network = networks.network(run, "best")
    except (ValueError, OSError):  # damaged, or diverged: not what to show first
        return None, ""
    text = readable_text(network.vocabulary, _TEXTS, _LENGTH)
    look = preview(network.model, network.vocabulary, text)
    return look, f"The numbers are real: they come from the run “{run.name}”."


def _of_fresh_network() -> tuple[Preview, str]:
    vocabulary = Vocabulary.from_text(string.ascii_letters + " ,.;:!?'\n")
    architecture = Architecture("lstm", len(vocabulary), 0, 32, 1)
    params = initial_params(architecture, "pytorch", np.random.default_rng(1))
    text = readable_text(vocabulary, _TEXTS, _LENGTH)
    return preview(CharRNN(architecture, params), vocabulary, text), (
        "The numbers come from a fresh network, which has learned nothing yet: to it, all "
        "characters are about equally likely. Train one, and look again."
    )
