"""What stands where in a text."""

from __future__ import annotations

from collections import Counter

import numpy as np

from rnnlab.text.features import learnable, short_words, simple_features, words


def marked(text: str, places: np.ndarray) -> str:
    """The text with a dash where a kind is not."""
    return "".join(c if there else "-" for c, there in zip(text, places, strict=True))


def signs(places: np.ndarray) -> str:
    """An X where a kind is."""
    return "".join("X" if there else "_" for there in places)


def test_short_words_are_the_most_frequent_ones_with_a_letter_inside() -> None:
    text = "The a the a a It it don't seven the of"
    counts = Counter(words(text))
    assert short_words(counts) == ("the", "it", "of")
    assert short_words(counts, 1) == ("the",)
    assert list(words("Don’t go, O'er")) == ["don’t", "go", "o'er"]


def test_places_to_learn() -> None:
    found = learnable("\n\nBOB:\nThe theme, an end.\n", ("the", "an"))
    assert {name: signs(places) for name, places in found.items()} == {
        "spaces": "__________X______X__X_____",
        "line breaks": "XX____X__________________X",
        "short words": "________XX_________X______",
        "other words": "____________XXXX______XX__",
        "first letters": "___________X______X__X____",
        "capitals": "_______X__________________",
        "punctuation": "_____X__________X_______X_",
        "speakers' names": "__XXX_____________________",
    }


def test_features_of_the_character_read() -> None:
    text = "A sea\n"
    found = simple_features(text)
    assert marked(text, found["vowel"]) == "A--ea-"
    assert marked(text, found["capital"]) == "A-----"
    assert marked(text, found["inside a word"]) == "---ea-"
    assert found["line break"][-1]
