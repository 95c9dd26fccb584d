"""What a network wrote agrees with what it does when it reads the same text."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.writing import (
    MAX_WRITTEN_CHARACTERS,
    SamplingSettings,
    Written,
    checked_length,
    first_difference,
    write,
)
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import softmax
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.vocabulary import UnknownCharacterError, Vocabulary

VOCABULARY = Vocabulary.from_text("\n abcde")


def small_model(cell: str = "lstm", scale: float = 3.0) -> CharRNN:
    architecture = Architecture(cell, len(VOCABULARY), 3, hidden_size=5, num_layers=2)
    params = initial_params(architecture, "pytorch", np.random.default_rng(4))
    return CharRNN(architecture, {name: scale * value for name, value in params.items()})


def written(sampling: SamplingSettings) -> Written:
    return write(small_model(), VOCABULARY, sampling)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn_tanh"])
def test_values_are_those_of_reading_the_text(cell: str) -> None:
    model = small_model(cell)
    found = write(model, VOCABULARY, SamplingSettings("a b", length=40, temperature=1.0))
    tape = model.forward(VOCABULARY.encode("a b" + found.text)[None])
    for (name, layer), trace in found.traces.items():
        np.testing.assert_allclose(trace, tape.trace(name, layer)[0, 3:], atol=1e-5)
    expected = softmax(tape.logits[0, 2:-1].astype(np.float64))  # before each written character
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)
    assert {name for name, _ in found.traces} == set(model.cell.VALUES)


def test_equal_recipes_give_equal_texts_and_other_seeds_other_ones() -> None:
    sampling = SamplingSettings("abc", length=60, seed=7)
    assert written(sampling).text == written(sampling).text
    assert written(sampling).text != written(SamplingSettings("abc", length=60, seed=8)).text


def test_greedy_takes_the_likeliest_and_tells_its_probability() -> None:
    found = written(SamplingSettings("abc", length=30, greedy=True))
    np.testing.assert_array_equal(found.ids, found.probabilities.argmax(axis=1))
    np.testing.assert_array_equal(found.chosen(), found.probabilities.max(axis=1))


def test_an_empty_prime_begins_at_a_line_end() -> None:
    assert written(SamplingSettings("", length=3)).prime == "\n"


@pytest.mark.parametrize("length", [0, -1, MAX_WRITTEN_CHARACTERS + 1])
def test_impossible_lengths_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="choose 1 to 2,000"):
        checked_length(length)
    with pytest.raises(ValueError, match="choose 1 to 2,000"):
        written(SamplingSettings("a", length=length))


def test_unknown_characters_are_named() -> None:
    with pytest.raises(UnknownCharacterError, match="☃"):
        written(SamplingSettings("a☃b"))


def test_broken_weights_are_refused() -> None:
    with pytest.raises(DivergedModelError):
        write(small_model(scale=float("nan")), VOCABULARY, SamplingSettings("a"))


def test_what_was_written_before_a_network_breaks_down_is_kept() -> None:
    found = write(
        small_model("rnn_relu", scale=25.0), VOCABULARY, SamplingSettings("a", length=500)
    )
    assert 0 < len(found.text) < 500
    assert "beyond all numbers" in found.problem
    assert len(found.ids) == len(found.probabilities) == len(found.text)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("abc", "abd", 2), ("abc", "abc", None), ("", "", None), ("ab", "abc", 2), ("x", "y", 0)],
)
def test_first_difference(a: str, b: str, expected: int | None) -> None:
    assert first_difference(a, b) == expected
