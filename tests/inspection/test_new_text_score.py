"""A network on a text it never saw: what is counted, and what is left out."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from rnnlab.inspection.text_loss import NewTextError, score_new_text
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.text.vocabulary import Vocabulary
from tests.inspection.reading import random_network

KNOWN = Vocabulary.from_text("abcd \n")


def net() -> CharRNN:
    """A small GRU over the known characters."""
    sizes = Architecture("gru", len(KNOWN), 0, 5, 1)
    return random_network(sizes)


def loss_of(text: str) -> float:
    """Mean surprise, character by character, with the state carried by hand."""
    model, ids = net(), KNOWN.encode(text)
    state, lost = model.initial_state(1), 0.0
    for now, following in itertools.pairwise(ids):
        logits, state, _ = model.step(np.array([now]), state)
        p = np.exp(logits[0]) / np.exp(logits[0]).sum()
        lost -= math.log(p[following])
    return lost / (len(ids) - 1)


def test_unknown_characters_are_skipped_and_counted() -> None:
    found = score_new_text(net(), KNOWN, "abZ ca\nd☃bZa")
    assert found.loss == pytest.approx(loss_of("ab ca\ndba"), abs=1e-6)
    assert found.characters == 8
    assert (found.skipped, found.unknown) == (3, ("Z", "☃"))
    assert found.uniform == pytest.approx(math.log(6))


def test_a_text_without_unknown_characters_is_read_whole() -> None:
    text = "abcd dcba\n" * 30
    found = score_new_text(net(), KNOWN, text)
    assert (found.skipped, found.unknown, found.characters) == (0, (), len(text) - 1)
    assert found.loss == pytest.approx(loss_of(text), abs=1e-5)


def test_a_text_of_which_nothing_can_be_read_is_a_sentence() -> None:
    with pytest.raises(NewTextError, match="knows 1 of the 5 characters"):
        score_new_text(net(), KNOWN, "XYaZ☃")
