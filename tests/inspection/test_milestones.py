"""When a network learned what, on networks whose knowledge was planted."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from rnnlab.inspection.milestones import (
    MIN_PLACES,
    RULES,
    Learning,
    examined,
    first_for_good,
    in_order,
    learning,
)
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.losses import log_softmax
from rnnlab.network.reading import window
from rnnlab.text.baselines import NgramLadder
from rnnlab.text.features import learnable, short_words, simple_features, words
from rnnlab.text.vocabulary import Vocabulary
from tests.inspection.reading import random_network

TEXT = "the sea and the sun and the sky\nA: hm.\n\nBOB:\nIt is the end of it.\n" * 12
VOCABULARY = Vocabulary.from_text(TEXT)
IDS = VOCABULARY.encode(TEXT)
V = len(VOCABULARY)
SMALL = Architecture("gru", V, 0, 5, 2)


def one_state(pushed: dict[str, float]) -> CharRNN:
    """A network that reads nothing and expects all characters alike, but some more by `pushed`."""
    architecture = Architecture("rnn_tanh", V, 0, 2, 1)
    params = {name: np.zeros(shape) for name, shape in architecture.shapes().items()}
    for character, logit in pushed.items():
        params["decoder.bias"][VOCABULARY.encode(character)[0]] = logit
    return CharRNN(architecture, params)


def bits_of(models: list[CharRNN]) -> np.ndarray:
    labels = simple_features(TEXT)
    return np.stack([examined(model, IDS, labels, "h", 0).bits for model in models])


def test_what_was_planted_at_a_snapshot_is_found_at_that_snapshot() -> None:
    """Spaces are pushed up along a line, line ends later and faster; the level of pairs is set."""
    strengths = np.array([0, 1, 2, 3, 4, 5.0])
    late = np.array([0, 0, 0, 2, 4, 6.0])
    snapshots = [one_state({" ": a, "\n": b}) for a, b in zip(strengths, late, strict=True)]
    kinds = learnable(TEXT, ())
    found = {each.name: each for each in learning(bits_of(snapshots), kinds, math.log2(V))}

    def expected(own: np.ndarray, other: np.ndarray) -> np.ndarray:
        return (np.log(V - 2 + np.exp(own) + np.exp(other)) - own) / math.log(2)

    np.testing.assert_allclose(found["spaces"].bits, expected(strengths, late), rtol=1e-6)
    np.testing.assert_allclose(found["line breaks"].bits, expected(late, strengths), rtol=1e-6)
    for name, bits in (
        ("spaces", found["spaces"].bits),
        ("line breaks", found["line breaks"].bits),
    ):
        for rule, way in (("half", 0.5), ("nearly", 0.9)):
            level = math.log2(V) - way * (math.log2(V) - bits[-1])
            below = [m for m in range(6) if all(bits[m:] < level)]
            assert found[name].learned(rule) == (below[0] if below else None)
    assert found["line breaks"].learned("half") == 4
    assert found["spaces"].learned("pairs") is None  # nothing was counted


def test_a_level_counts_only_when_it_is_kept() -> None:
    assert first_for_good(np.array([3.0, 1.0, 3.0, 1.0, 1.0]), 2.0) == 3
    assert first_for_good(np.array([1.0, 1.0]), 2.0) == 0
    assert first_for_good(np.array([1.0, 3.0]), 2.0) is None
    assert first_for_good(np.array([3.0, 2.0]), 2.0) is None  # as good is not better
    assert first_for_good(np.array([1.0, np.nan, 1.0]), 2.0) == 2
    line = Learning("spaces", 9, np.array([5.0, 4.0, 1.0]), pairs=4.5, uniform=5.0)
    assert [line.learned(rule) for rule in RULES] == [1, 2, 2]
    worse = Learning("spaces", 9, np.array([5.0, 6.0]), pairs=None, uniform=5.0)
    assert [worse.learned(rule) for rule in RULES] == [None, None, None]


def test_kinds_are_told_in_the_order_in_which_they_were_learned() -> None:
    def line(name: str, *bits: float) -> Learning:
        return Learning(name, 9, np.array(bits), pairs=2.0, uniform=6.0)

    lines = [line("late", 6, 6, 1), line("never", 6, 6, 6), line("early", 6, 1, 1)]
    assert list(in_order(lines, "pairs").items()) == [(1, ["early"]), (2, ["late"])]


def test_surprise_is_that_of_one_pass_through_the_text() -> None:
    model = random_network(SMALL, "orthogonal")
    found = examined(model, IDS, simple_features(TEXT), "z", 1)
    tape = window(model, IDS, 0, len(IDS) - 1)
    log_p = log_softmax(tape.logits[0])[np.arange(len(IDS) - 1), IDS[1:]]
    np.testing.assert_allclose(found.bits, -log_p / math.log(2), atol=1e-3)


def test_scores_are_correlations_of_units_with_features() -> None:
    model = random_network(SMALL, "orthogonal", 2)
    labels = simple_features(TEXT)
    found = examined(model, IDS, labels, "h", 0)
    h = window(model, IDS, 0, len(IDS) - 1).trace("h", 0)[0]
    for row, label in zip(found.scores, labels.values(), strict=True):
        for unit in range(5):
            r = np.corrcoef(h[:, unit], label[:-1])[0, 1]
            assert row[unit] == pytest.approx(abs(r), abs=2e-3)
    still = examined(one_state({}), IDS, labels, "h", 0)
    assert (still.scores == 0).all()


def test_items_are_read_from_an_empty_state() -> None:
    model = random_network(SMALL, "orthogonal", 3)
    end = int(VOCABULARY.encode("\n")[0])
    found = examined(model, IDS[:120], simple_features(TEXT[:120]), "h", 0, item_end=end).bits
    start = 0
    for t in range(119):
        if IDS[t] == end:
            start = t
        logits = model.forward(IDS[None, start : t + 1]).logits[0, -1]
        assert found[t] == pytest.approx(-log_softmax(logits)[IDS[t + 1]] / math.log(2), rel=1e-4)


def test_counted_pairs_are_a_level_at_the_same_characters() -> None:
    pairs = -NgramLadder([IDS], V, 2).log_probabilities(IDS)[2] / math.log(2)
    kinds = learnable(TEXT, short_words(Counter(words(TEXT))))
    for line in learning(bits_of([one_state({})]), kinds, math.log2(V), pairs):
        assert line.pairs == pytest.approx(pairs[kinds[line.name][1:]].mean())
        assert line.count == kinds[line.name][1:].sum() >= MIN_PLACES


def test_a_text_without_anything_to_predict_is_refused() -> None:
    with pytest.raises(ValueError, match="needs at least two"):
        examined(one_state({}), IDS[:1], simple_features(TEXT[:1]), "h", 0)
