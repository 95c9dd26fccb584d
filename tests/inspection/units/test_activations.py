"""Pieces of a long text: what they hold equals what one reading of the whole text holds."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.units.activations import (
    PIECES,
    WARM_UP,
    ActivationSample,
    sample_activations,
    sample_length,
)
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.text.vocabulary import Vocabulary
from tests.inspection.reading import random_network


def small_model(cell: str = "lstm") -> CharRNN:
    return random_network(
        Architecture(cell, vocab_size=7, embedding_size=3, hidden_size=5, num_layers=2)
    )


@pytest.fixture(scope="module")
def text() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 7, 9_000)


def test_a_sample_agrees_with_reading_the_whole_text(text: np.ndarray) -> None:
    model = small_model()
    found = sample_activations(model, text, "c", 1, 6_400)
    whole = model.forward(text[None]).trace("c", 1)[0]
    begin = len(text) - found.size  # the last piece ends where the text ends
    np.testing.assert_array_equal(found.ids[-found.size :], text[begin:])
    np.testing.assert_allclose(found.trace[-found.size :], whole[begin:], atol=1e-4)


def test_pieces_are_spread_over_the_whole_text(text: np.ndarray) -> None:
    found = sample_activations(small_model(), text, "h", 0, 6_400)
    assert len(found.ids) == len(found.trace) == 6_400
    assert found.size == 6_400 // PIECES
    np.testing.assert_array_equal(found.ids[: found.size], text[WARM_UP : WARM_UP + found.size])


@pytest.mark.parametrize("length", [1, 2, 99, 100, 101, 250, 400])
def test_short_texts_are_sampled_whole(length: int, text: np.ndarray) -> None:
    found = sample_activations(small_model(), text[:length], "h", 1, length)
    assert len(found.ids) == len(found.trace) == length // found.size * found.size
    assert len(found.ids) >= length - 2


def test_every_position_lies_in_its_piece(text: np.ndarray) -> None:
    found = sample_activations(small_model(), text, "h", 0, 6_400)
    for position in (0, found.size - 1, found.size, 6_399):
        start, end = found.piece_around(position)
        assert start <= position < end
        assert end - start == found.size
    assert found.piece_around(6_399)[1] == 6_400


VOCABULARY = Vocabulary.from_text("abcdefg")


@pytest.mark.parametrize("lowest", [False, True])
def test_passages_hold_the_peaks_and_stay_in_their_piece(text: np.ndarray, lowest: bool) -> None:
    found = sample_activations(small_model(), text, "c", 1, 6_400)
    passages = found.passages(3, VOCABULARY, lowest=lowest, k=5, width=40)
    peaks = [float(passage.values[passage.peak]) for passage in passages]
    best = found.trace[:, 3].min() if lowest else found.trace[:, 3].max()
    assert peaks[0] == pytest.approx(best)
    assert peaks == sorted(peaks, reverse=not lowest)
    whole = VOCABULARY.decode(text)
    for passage in passages:
        assert passage.text in whole  # a seam between two pieces would almost never be
        assert len(passage.text) == len(passage.values) <= 40


def test_large_layers_are_sampled_on_less_text() -> None:
    assert sample_length(128, 10**6) == 30_000
    assert sample_length(128, 500) == 500
    assert 2_000 <= sample_length(2048, 10**6) < 3_000


def read_by(*units: list[float]) -> ActivationSample:
    """A sample in which each unit has these values."""
    trace = np.array(units, dtype=np.float32).T
    return ActivationSample(ids=np.arange(len(trace)), trace=trace, size=len(trace))


def test_a_unit_without_peaks_is_said() -> None:
    found = read_by([-0.5, 0.7, 0.0], [0.0, -0.9, 0.0], [0.0, 0.9, 0.4], [-0.001, -0.002, 0.0])
    for lowest in (False, True):
        assert found.without_peak(0, lowest=lowest) == ""
        assert "never moves: it stays at 0.00" in found.without_peak(3, lowest=lowest)
    assert "never rises above 0 on 3 characters" in found.without_peak(1)
    assert found.without_peak(1, lowest=True) == ""
    assert found.without_peak(2) == ""
    assert "never falls below 0" in found.without_peak(2, lowest=True)


def test_a_gate_that_closes_has_a_lowest_place() -> None:
    assert read_by([0.0, 0.9, 1.0], [0.3, 0.5, 0.6]).without_peak(0, lowest=True) == ""
