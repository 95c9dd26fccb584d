"""What is said in words about the generated languages is true of them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from rnnlab.text.formal_languages import GRAMMARS, LANGUAGES


def test_every_generated_language_is_described() -> None:
    assert set(GRAMMARS) == set(LANGUAGES)
    for grammar in GRAMMARS.values():
        assert all(rule.endswith(".") for rule in (*grammar.rules, grammar.unpredictable))


def strings(name: str) -> list[str]:
    return list(LANGUAGES[name].sample(np.random.default_rng(5), 500))


def is_reber(string: str) -> bool:
    """Follow the seven rules of the page letter by letter."""
    walk = {
        "start": {"B": "choose"},
        "choose": {"T": "upper", "P": "lower"},
        "upper": {"S": "upper", "X": "after X"},
        "lower": {"T": "lower", "V": "after V"},
        "after X": {"S": "end", "X": "lower"},
        "after V": {"V": "end", "P": "after X"},
        "end": {"E": "over"},
    }
    state = "start"
    for letter in string:
        state = walk.get(state, {}).get(letter, "wrong")
    return state == "over"


def test_reber_strings_follow_the_rules() -> None:
    assert all(is_reber(string) for string in strings("reber"))


def test_embedded_reber_strings_follow_the_rules() -> None:
    for string in strings("embedded-reber"):
        assert string[0] == "B"
        assert string[1] in "TP"
        assert is_reber(string[2:-2])
        assert string[-2:] == string[1] + "E"


def test_copies_follow_the_rules() -> None:
    for string in strings("delayed-copy"):
        match = re.fullmatch(r"([a-h]{5})\.{10}([a-h]{5})", string)
        assert match
        assert match[1] == match[2]


def test_random_strings_follow_the_rules() -> None:
    lengths = {len(string) for string in strings("random-strings")}
    assert lengths == {4, 5, 6, 7, 8}
    assert all(re.fullmatch("[a-j]+", string) for string in strings("random-strings"))


def test_brackets_follow_the_rules() -> None:
    for string in strings("brackets"):
        inside, deepest = "", 0
        for sign in string:
            if sign in "([{":
                inside += {"(": ")", "[": "]", "{": "}"}[sign]
            else:
                assert inside[-1] == sign
                inside = inside[:-1]
            deepest = max(deepest, len(inside))
        assert inside == ""
        assert 1 <= deepest <= 4


@pytest.mark.parametrize("rule", ["0.45", "0.5"])
def test_probabilities_in_the_rules_are_those_of_the_language(rule: str) -> None:
    assert any(rule in text for text in GRAMMARS["brackets"].rules)
    chances = {move.probability for moves in _moves("brackets") for move in moves}
    assert any(abs(chance - (1 - float(rule))) < 1e-9 for chance in chances)


def _moves(name: str) -> list:
    return list(LANGUAGES[name].automaton.moves.values())  # type: ignore[attr-defined]
