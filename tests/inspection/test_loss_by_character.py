"""Losses by the kind of the next character, against a plain evaluation and against counting."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.text_loss import kind_of, loss_by_character
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.evaluation import evaluate, stream_batches
from tests.inspection.reading import random_network

TEXT = "The king's 3 dogs.\nOh, it rains again!\n" * 40
VOCABULARY = Vocabulary.from_text(TEXT)


@pytest.fixture
def model() -> CharRNN:
    architecture = Architecture("rnn_tanh", len(VOCABULARY), 3, 7, 2)
    return random_network(architecture, "normal", 3)


def test_all_kinds_together_are_the_loss_of_the_text(model: CharRNN) -> None:
    found = loss_by_character(model, VOCABULARY, TEXT)
    whole = evaluate(model, stream_batches(VOCABULARY.encode(TEXT)))
    assert found.loss == pytest.approx(whole.loss, rel=1e-6)
    assert found.accuracy == pytest.approx(whole.accuracy)
    for groups in (found.kinds, found.characters):
        assert sum(each.count for each in groups) == found.count == len(TEXT) - 1
        assert sum(each.share for each in groups) == pytest.approx(1)
        assert sum(each.loss * each.count for each in groups) == pytest.approx(
            found.loss * found.count
        )
        assert [each.loss for each in groups] == sorted(
            (each.loss for each in groups), reverse=True
        )


def test_each_character_of_a_text_is_of_the_kind_a_reader_would_say(model: CharRNN) -> None:
    found = {each.what: each.count for each in loss_by_character(model, VOCABULARY, TEXT).kinds}
    assert found == {
        "capital": 40 + 39,  # O; T but for the first character, which nothing predicts
        "line end": 80,
        "digit": 40,
        "space": 40 * (3 + 3),
        "punctuation": 40 * (1 + 1 + 1 + 1),
        "first small letter of a word": 40 * (2 + 3),  # king's dogs; it rains again
        "later small letter": 40 * (2 + 4 + 3 + 1 + 1 + 4 + 4),
    }


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        ("aé", "later small letter"),
        (" é", "first small letter of a word"),
        ("'s", "later small letter"),
        ("ab", "later small letter"),
        ("a\t", "space"),
        ("a²", "punctuation"),
        ("a-", "punctuation"),
    ],
)
def test_kinds_of_rare_characters(pair: str, kind: str) -> None:
    assert kind_of(pair[0], pair[1]) == kind


def test_a_network_that_knows_one_character_only_finds_all_others_hard() -> None:
    architecture = Architecture("rnn_tanh", len(VOCABULARY), 0, 4, 1)
    params = initial_params(architecture, "normal", np.random.default_rng(1))
    params = {name: np.zeros_like(value) for name, value in params.items()}
    params["decoder.bias"][VOCABULARY.encode("i")[0]] = 5.0
    found = loss_by_character(CharRNN(architecture, params), VOCABULARY, TEXT)
    assert found.characters[-1].what == "i"
    others = np.log(np.exp(5) + len(VOCABULARY) - 1)
    assert found.characters[0].loss == pytest.approx(others, rel=1e-5)
    assert found.characters[-1].loss == pytest.approx(others - 5, rel=1e-3)
