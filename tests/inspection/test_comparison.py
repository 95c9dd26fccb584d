"""Two networks on one text: hand-made ones whose every probability is known."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.comparison import bits_by_class, common_text, peaks, saturating, score_text
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.losses import log_softmax
from rnnlab.network.tape import Tape
from rnnlab.text.features import classify
from rnnlab.text.vocabulary import Vocabulary
from tests.inspection.reading import random_network

TEXT = "\n\nANN:\nThe sea, the sea.\n\nBOB:\nIt's Ann's sea\n" * 60
VOCABULARY = Vocabulary.from_text(TEXT)
V = len(VOCABULARY)


def zeros(cell: str, hidden_size: int = 2) -> CharRNN:
    """A network that knows nothing: every parameter is 0."""
    architecture = Architecture(cell, V, 0, hidden_size, 1)
    shapes = architecture.shapes().items()
    return CharRNN(architecture, {name: np.zeros(shape) for name, shape in shapes})


def always(probabilities: np.ndarray) -> CharRNN:
    """A network that expects the same at every place."""
    model = zeros("rnn_tanh")
    model.params["decoder.bias"][:] = np.log(probabilities)
    return model


def favouring(character: str, probability: float) -> CharRNN:
    others = np.full(V, (1 - probability) / (V - 1))
    others[VOCABULARY.encode(character)] = probability
    return always(others)


def test_known_probabilities_give_known_bits() -> None:
    found = score_text(favouring("e", 0.5), VOCABULARY, TEXT)
    is_e = np.array([character == "e" for character in TEXT[1:]])
    np.testing.assert_allclose(found.bits[is_e], 1.0)
    np.testing.assert_allclose(found.bits[~is_e], 1 + np.log2(V - 1))
    assert found.expected == "e" * (len(TEXT) - 1)
    np.testing.assert_allclose(found.chance, 0.5)


@pytest.mark.parametrize("cell", CELLS)
def test_streams_agree_with_one_reading(cell: str) -> None:
    architecture = Architecture(cell, V, 3, 6, 2)
    model, ids = random_network(architecture), VOCABULARY.encode(TEXT)
    tape = model.forward(ids[None])
    log_p = log_softmax(tape.logits)[0, :-1]
    found = score_text(model, VOCABULARY, TEXT)
    expected = -log_p[np.arange(len(ids) - 1), ids[1:]] / np.log(2)
    np.testing.assert_allclose(found.bits, expected, atol=1e-4)
    assert found.expected == VOCABULARY.decode(log_p.argmax(axis=-1))
    for each in found.saturation:
        np.testing.assert_allclose(each.right, right_of(tape, each.name, each.layer), atol=0.002)


def right_of(tape: Tape, name: str, layer: int) -> np.ndarray:
    return (tape.trace(name, layer)[0, :-1] > 0.9).mean(axis=0)


def test_the_sums_by_class_are_the_whole() -> None:
    first = score_text(favouring("e", 0.5), VOCABULARY, TEXT)
    second = score_text(favouring("\n", 0.3), VOCABULARY, TEXT)
    classes = bits_by_class(TEXT, first.bits, second.bits)
    assert sum(each.count for each in classes) == len(TEXT) - 1
    assert sum(each.first for each in classes) == pytest.approx(first.bits.sum())
    assert sum(each.second for each in classes) == pytest.approx(second.bits.sum())
    total = float(second.bits.sum() - first.bits.sum())
    assert sum(each.difference for each in classes) == pytest.approx(total)


def test_a_class_costs_what_its_characters_cost() -> None:
    """The second network knows line ends, and the first treats all alike."""
    first = score_text(always(np.full(V, 1 / V)), VOCABULARY, TEXT)
    second = score_text(favouring("\n", 0.5), VOCABULARY, TEXT)
    classes = {each.name: each for each in bits_by_class(TEXT, first.bits, second.bits)}
    lines = classes["newline"]
    assert lines.count == TEXT.count("\n") - 1
    assert lines.first / lines.count == pytest.approx(np.log2(V))
    assert lines.second / lines.count == pytest.approx(1.0)
    for each in classes.values():
        assert (each.difference < 0) == (each.name == "newline")
    assert list(classes) == [
        name
        for place, name in enumerate(
            (
                "first letter of a word",
                "inside a word",
                "space",
                "newline",
                "speaker's name",
                "punctuation",
                "capital",
            )
        )
        if place in classify(TEXT)
    ]


@pytest.mark.parametrize("cell", CELLS)
def test_the_same_model_twice_differs_nowhere(cell: str) -> None:
    architecture = Architecture(cell, V, 0, 5, 1)
    model = random_network(architecture, "orthogonal", seed=3)
    first, second = (score_text(model, VOCABULARY, TEXT) for _ in "ab")
    assert not (first.bits - second.bits).any()
    assert all(each.difference == 0 for each in bits_by_class(TEXT, first.bits, second.bits))


@pytest.mark.parametrize(
    ("cell", "gates"), [("lstm", "ifo"), ("gru", "rz"), ("rnn_tanh", "h"), ("rnn_relu", "")]
)
def test_planted_saturation_is_found(cell: str, gates: str) -> None:
    """Unit 0 is always open, unit 1 never, and unit 2 is open after an "e" and shut elsewhere."""
    model = zeros(cell, 3)
    assert saturating(model.cell) == tuple(gates)
    blocks = model.params["rnn.bias_ih_l0"].reshape(model.cell.blocks, 3)
    blocks[:] = [30.0, -30.0, -30.0]
    at_e = model.params["rnn.weight_ih_l0"].reshape(model.cell.blocks, 3, V)
    at_e[:, 2, VOCABULARY.encode("e")[0]] = 60.0
    share = TEXT[:-1].count("e") / (len(TEXT) - 1)
    found = score_text(model, VOCABULARY, TEXT).saturation
    assert [each.name for each in found] == list(gates)
    for each in found:
        np.testing.assert_allclose(each.right, [1, 0, share])
        np.testing.assert_allclose(each.left, [0, 1, 1 - share])


def test_a_gate_half_open_is_not_saturated() -> None:
    for each in score_text(zeros("lstm"), VOCABULARY, TEXT).saturation:
        assert not each.left.any()
        assert not each.right.any()


def test_peaks_stand_where_the_values_are_highest() -> None:
    text, values = "x" + "abcdefghij" * 30, np.zeros(300)
    values[[40, 200]] = 3.0, 9.0
    highest, second = peaks(text, values, k=2, width=20)
    assert (highest.text[highest.peak], highest.values[highest.peak]) == ("a", 9.0)
    assert (second.text[second.peak], second.values[second.peak]) == ("a", 3.0)
    assert highest.text in text


def test_only_characters_that_both_know_are_read() -> None:
    assert common_text("abcabc", Vocabulary.from_text("ab"), Vocabulary.from_text("bc")) == "bb"


def test_a_text_of_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="needs two"):
        score_text(zeros("lstm"), VOCABULARY, "e")
