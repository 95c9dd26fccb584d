"""The best possible loss of each language, against oracles that know nothing of automata."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from rnnlab.text.formal_languages import (
    CHARACTERS,
    END,
    LANGUAGES,
    Automaton,
    Move,
    generated_corpus,
)

# A normal variable lies farther out than this with probability 4e-8.
FAR = 5.5
REBER = re.compile(r"B(?:(?:TS*X|PT*VP)(?:XT*VP)*(?:S|XT*VV)|PT*VV)E")
PAIRS = {"(": ")", "[": "]", "{": "}"}


def reber_surprise(text: str) -> float:
    """Nats of one string: all but its B and E are the outcome of a coin."""
    assert REBER.fullmatch(text), text
    return (len(text) - 2) * math.log(2)


def embedded_reber_surprise(text: str) -> float:
    """Nats of one string: one more coin, and the letter before the last is known."""
    assert text[0] == "B"
    assert text[-1] == "E"
    assert text[1] == text[-2]
    assert text[1] in "TP"
    return math.log(2) + reber_surprise(text[2:-2])


def brackets_surprise(text: str) -> float:
    """Nats of one string, newline included, read with a stack."""
    total, stack = 0.0, ""
    for place, character in enumerate(text):
        if character in PAIRS:
            total += math.log(3)
            if stack:
                total -= math.log(0.45)
            elif place > 0:
                total -= math.log(0.5)
            stack += character
            assert len(stack) <= 4
        else:
            if len(stack) < 4:
                total -= math.log(0.55)
            assert PAIRS[stack[-1]] == character
            stack = stack[:-1]
    assert not stack
    return total - math.log(0.5)  # the newline


def copy_surprise(text: str) -> float:
    """Nats of one string: five letters out of eight."""
    assert re.fullmatch(r"([a-h]{5})\.{10}\1", text), text
    return 5 * math.log(8)


def random_surprise(text: str) -> float:
    """Nats of one string: which of five lengths, and each letter out of ten."""
    assert re.fullmatch(r"[a-j]{4,8}", text), text
    return math.log(5) + len(text) * math.log(10)


def brackets_by_recursion() -> float:
    """Nats per character of the brackets, from the outermost bracket inwards."""

    def coin(p: float) -> float:
        return -p * math.log(p) - (1 - p) * math.log(1 - p)

    length, nats = 1.0, 0.0  # from just inside a bracket to its end, four deep
    for _ in range(3):
        inside = 0.45 / 0.55  # expected brackets directly inside
        length = 1 + inside * (1 + length)
        nats = coin(0.45) / 0.55 + inside * (math.log(3) + nats)
    groups = 2.0
    return groups * (math.log(3) + nats + coin(0.5)) / (groups * (1 + length) + 1)


SURPRISE: dict[str, Callable[[str], float]] = {
    "reber": reber_surprise,
    "embedded-reber": embedded_reber_surprise,
    "brackets": brackets_surprise,
    "delayed-copy": copy_surprise,
    "random-strings": random_surprise,
}


def test_every_language_has_an_oracle() -> None:
    assert set(SURPRISE) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # A Reber string takes 6 coins on average: solving the six equations of its diagram.
        ("reber", 6 * math.log(2) / 9),
        ("embedded-reber", 7 * math.log(2) / 13),
        ("brackets", brackets_by_recursion()),
        ("delayed-copy", 5 * math.log(8) / 21),
        ("random-strings", (math.log(5) + 6 * math.log(10)) / 7),
    ],
)
def test_entropy_equals_the_sum_done_by_hand(name: str, expected: float) -> None:
    assert LANGUAGES[name].entropy == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", LANGUAGES)
def test_entropy_is_what_a_reader_who_knows_the_rules_loses(name: str) -> None:
    # Surprise − entropy · length of independent strings has mean 0, hence |z| < 5.5 but for a
    # probability of 4e-8; the seed is fixed. Each string is also checked to be of the language.
    language = LANGUAGES[name]
    items = language.sample(np.random.default_rng(11), 20_000)
    nats = np.array([SURPRISE[name](item) for item in items])
    lengths = np.array([len(item) + 1 for item in items])
    excess = nats - language.entropy * lengths
    assert abs(excess.sum()) <= FAR * excess.std() * math.sqrt(len(items)) + 1e-6
    off = lengths - language.mean_length
    assert abs(off.sum()) <= FAR * lengths.std() * math.sqrt(len(items)) + 1e-6


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_sampler_writes_each_string_as_often_as_it_should(name: str) -> None:
    # The most frequent strings against their probability; Bonferroni over 5 × 30 normal
    # variables: a false alarm has probability 5e-6, decided once by the fixed seed.
    n = 20_000
    items = LANGUAGES[name].sample(np.random.default_rng(5), n)
    for item, count in Counter(items).most_common(30):
        p = math.exp(-SURPRISE[name](item))
        if n * p > 100:
            assert abs(count - n * p) < FAR * math.sqrt(n * p * (1 - p)), item


def test_letters_of_the_delayed_copy_are_equally_likely() -> None:
    items = LANGUAGES["delayed-copy"].sample(np.random.default_rng(5), 10_000)
    for place in range(5):
        counts = Counter(item[place] for item in items)
        assert set(counts) == set("abcdefgh")
        # binomial, standard deviation 33; 40 comparisons: false alarm 2e-6
        assert max(abs(count - 1250) for count in counts.values()) < FAR * 33.1


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_corpus_is_always_the_same_and_knows_its_best_loss(name: str) -> None:
    corpus = generated_corpus(name)
    language = LANGUAGES[name]
    generated_corpus.cache_clear()
    assert generated_corpus(name) == corpus
    assert corpus.best_loss == language.entropy
    assert corpus.items is not None
    assert abs(len(corpus.text) - CHARACTERS) < 0.02 * CHARACTERS
    assert corpus.text.count(END) == len(corpus.items)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("reber", "900d40b6"),
        ("embedded-reber", "f9c1ae8d"),
        ("brackets", "12262899"),
        ("delayed-copy", "78f24b14"),
        ("random-strings", "9cae5220"),
    ],
)
def test_the_corpus_of_an_old_run_is_found_again(name: str, start: str) -> None:
    # A change here, by us or by NumPy, orphans every run trained on this language.
    assert generated_corpus(name).sha256.startswith(start)


def test_an_automaton_with_hidden_states_is_refused() -> None:
    two_ways = (Move("a", 1, 0.5), Move("a", 2, 0.5))
    with pytest.raises(ValueError, match="same symbol"):
        Automaton(0, {0: two_ways})
    with pytest.raises(ValueError, match="do not sum to 1"):
        Automaton(0, {0: (Move(END, None, 0.9),)})


def test_entropy_of_a_coin_thrown_until_heads() -> None:
    coin = Automaton(0, {0: (Move("t", 0, 0.5), Move(END, None, 0.5))})
    assert coin.entropy == pytest.approx(math.log(2))
    assert coin.mean_length == pytest.approx(2.0)
