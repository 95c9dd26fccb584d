"""A network reading a few characters, and the vectors of its characters."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.predictions import preview, readable_text
from rnnlab.inspection.snapshots import character_vectors, fresh_vectors
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.text.vocabulary import UnknownCharacterError, Vocabulary
from tests.inspection.reading import random_network

VOCABULARY = Vocabulary.from_text("abcdefg")


def model(embedding_size: int = 0) -> CharRNN:
    return random_network(Architecture("gru", 7, embedding_size, 12, 2), seed=3)


def test_candidates_are_the_likeliest_next_characters() -> None:
    network = model()
    look = preview(network, VOCABULARY, "bad", units=5, candidates=3)
    logits = network.forward(VOCABULARY.encode("bad")[None]).logits[0].astype(np.float64)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    for t in range(3):
        assert look.candidates[t].tolist() == np.argsort(-p[t])[:3].tolist()
        np.testing.assert_allclose(look.probabilities[t], np.sort(p[t])[::-1][:3], rtol=1e-5)


def test_the_units_shown_are_those_of_the_top_layer_that_move_most() -> None:
    network = model()
    look = preview(network, VOCABULARY, "badgefed", units=4)
    h = network.forward(VOCABULARY.encode("badgefed")[None]).trace("h", 1)[0]
    assert set(look.units.tolist()) == set(np.argsort(-h.var(axis=0))[:4].tolist())
    np.testing.assert_array_equal(look.hidden, h[:, look.units])
    assert look.hidden_size == 12


def test_characters_that_it_never_read_are_refused() -> None:
    with pytest.raises(UnknownCharacterError):
        preview(model(), VOCABULARY, "bäd")


def test_a_text_is_found_that_can_be_read() -> None:
    assert readable_text(VOCABULARY, ("hello", "bead", "a"), 3) == "bead"
    assert readable_text(VOCABULARY, ("hello",), 3) == "abc"
    assert readable_text(VOCABULARY, (), 9) == "abcdefgab"


def test_vectors_are_what_the_recurrent_layer_is_given() -> None:
    embedded = model(embedding_size=5)
    assert character_vectors(embedded.params).is_embedding
    np.testing.assert_array_equal(
        character_vectors(embedded.params).rows, embedded.params["embedding.weight"]
    )
    one_hot = model()
    vectors = character_vectors(one_hot.params)
    assert not vectors.is_embedding
    np.testing.assert_array_equal(
        np.eye(7)[2] @ vectors.rows, one_hot.params["rnn.weight_ih_l0"] @ np.eye(7)[2]
    )


def test_fresh_vectors_are_the_same_each_time() -> None:
    assert fresh_vectors(7, 3).rows.shape == (7, 3)
    np.testing.assert_array_equal(fresh_vectors(7, 3).rows, fresh_vectors(7, 3).rows)
