"""Characters and ids are two names for the same thing."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import UnknownCharacterError, Vocabulary, vocabulary_table

# Any code point at all, half surrogates too: a vocabulary must not care.
ANY_TEXT = st.text(alphabet=st.characters(), min_size=1, max_size=60)


@given(ANY_TEXT)
def test_decode_undoes_encode(text: str) -> None:
    vocabulary = Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    assert ids.dtype == np.int64
    assert ids.shape == (len(text),)
    assert vocabulary.decode(ids) == text


@given(ANY_TEXT)
def test_the_id_is_the_place_among_sorted_characters(text: str) -> None:
    vocabulary = Vocabulary.from_text(text)
    expected = [sorted(set(text)).index(character) for character in text]
    assert vocabulary.encode(text).tolist() == expected


@given(ANY_TEXT, ANY_TEXT)
def test_every_unknown_character_is_named_once_in_order(known: str, text: str) -> None:
    vocabulary = Vocabulary.from_text(known)
    expected: list[str] = []
    for character in text:
        if character not in known and character not in expected:
            expected.append(character)
    assert vocabulary.unknown(text) == tuple(expected)
    if expected:
        with pytest.raises(UnknownCharacterError) as caught:
            vocabulary.encode(text)
        assert caught.value.characters == tuple(expected)
    else:
        vocabulary.encode(text)


def test_dropping_unknown_characters_leaves_the_known_in_order() -> None:
    vocabulary = Vocabulary.from_text("ab\n")
    assert vocabulary.kept("a☃b\r\nxa😀") == "ab\na"
    assert vocabulary.kept("") == vocabulary.kept("☃") == ""


def test_the_sentence_names_what_is_unknown_visibly() -> None:
    vocabulary = Vocabulary.from_text("abc")
    with pytest.raises(UnknownCharacterError, match="'☃' never occurred in the training text"):
        vocabulary.encode("a☃")
    with pytest.raises(UnknownCharacterError, match="'↵', '␣' and 'd' never occurred"):
        vocabulary.encode("a\n d")
    with pytest.raises(UnknownCharacterError, match="and 16 more never"):
        vocabulary.encode("defghijklmnopqrstuvwxyz012")
    with pytest.raises(UnknownCharacterError, match=r"'□' \(U\+200B\) and '□' \(U\+FE0F\) never"):
        vocabulary.encode("a\N{ZERO WIDTH SPACE}\N{VARIATION SELECTOR-16}")
    with pytest.raises(UnknownCharacterError, match="'□' never"):
        vocabulary.encode("□")


@given(ANY_TEXT)
def test_json_brings_the_same_vocabulary_back(text: str) -> None:
    vocabulary = Vocabulary.from_text(text)
    assert Vocabulary.from_json(json.loads(json.dumps(vocabulary.to_json()))) == vocabulary


@pytest.mark.parametrize(
    "data",
    [None, {}, "abc", [], [1], ["ab"], [""], [None], [["a"]], ["b", "a"], ["a", "a"]],
    ids=str,
)
def test_broken_json_is_refused_in_a_sentence(data: Any) -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        Vocabulary.from_json(data)


def test_an_empty_text_has_no_vocabulary() -> None:
    with pytest.raises(ValueError, match="at least one character"):
        Vocabulary.from_text("")


@pytest.mark.parametrize("ids", [[3], [-1], [0, 99]])
def test_an_id_outside_is_refused(ids: list[int]) -> None:
    with pytest.raises(ValueError, match="run from 0 to 2"):
        Vocabulary.from_text("abc").decode(ids)


def test_empty_text_and_empty_ids_are_fine() -> None:
    vocabulary = Vocabulary.from_text("abc")
    assert vocabulary.encode("").shape == (0,)
    assert vocabulary.encode("").dtype == np.int64
    assert vocabulary.decode([]) == ""


def test_a_vocabulary_is_a_constant_that_can_be_a_key() -> None:
    vocabulary = Vocabulary.from_text("cab")
    assert {vocabulary: 1}[Vocabulary(("a", "b", "c"))] == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        vocabulary.symbols = ("x",)  # type: ignore[misc]


@given(ANY_TEXT)
def test_visible_keeps_every_place_and_hides_nothing(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not any(character.isspace() or ord(character) < 32 for character in shown)


def test_visible_signs() -> None:
    assert visible("a b\n\t\0\x7f\u00a0\u200b\x85é한😀") == "a␣b↵⇥␀␡⍽□□é한😀"


@given(ANY_TEXT)
def test_the_table_counts_every_character_of_the_text(text: str) -> None:
    vocabulary = Vocabulary.from_text(text)
    table = vocabulary_table(text, vocabulary)
    assert table.counts.tolist() == [text.count(symbol) for symbol in vocabulary.symbols]
    assert table.indices.tolist() == list(range(len(vocabulary)))
    assert table.shares.sum() == pytest.approx(1.0)
    assert table.characters == tuple(visible(symbol) for symbol in vocabulary.symbols)


def test_the_table_of_an_empty_text_has_no_shares() -> None:
    assert vocabulary_table("", Vocabulary.from_text("ab")).shares.tolist() == [0.0, 0.0]


def test_writing_opens_at_a_line_end_or_with_the_first_character() -> None:
    assert Vocabulary.from_text("b\na").opening() == "\n"
    assert Vocabulary.from_text("yx").opening() == "x"
