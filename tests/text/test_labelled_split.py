"""Labelled names are held out by name."""

from __future__ import annotations

from collections import Counter

import pytest

from rnnlab.text.corpora.corpus import Corpus, CorpusError, joined
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.split import LabelledPart, Split, same_name, split_by_name

SHARES = {"train_share": 0.75, "validation_share": 0.05, "drop_duplicates": True}


@pytest.fixture(scope="module")
def surnames(library: CorpusLibrary) -> Corpus:
    return library.load("surnames")


def parts(split: Split) -> list[LabelledPart]:
    found = [split.training, split.validation, split.test]
    assert all(isinstance(part, LabelledPart) for part in found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("drop", [True, False])
def test_no_name_stands_on_two_sides(surnames: Corpus, seed: int, drop: bool) -> None:
    split = split_by_name(surnames, **{**SHARES, "drop_duplicates": drop}, seed=seed)
    names = [{same_name(item) for item in part.items} for part in parts(split)]
    assert not names[0] & names[1]
    assert not names[0] & names[2]
    assert not names[1] & names[2]
    assert sum(map(len, names)) == len({same_name(item) for item in surnames.items})


def test_sizes_are_those_of_the_list_without_repetitions(surnames: Corpus) -> None:
    split = split_by_name(surnames, **SHARES, seed=1)
    assert sum(len(part.items) for part in parts(split)) == 17_992
    assert split.duplicates == 20_050 - 17_992
    everything = split_by_name(surnames, **{**SHARES, "drop_duplicates": False}, seed=1)
    assert sum(len(part.items) for part in parts(everything)) == 20_050


def test_every_language_is_in_every_part_in_its_share(surnames: Corpus) -> None:
    split = split_by_name(surnames, **SHARES, seed=2)
    counts = [Counter(part.labels) for part in parts(split)]
    for language in set(surnames.labels):
        total = sum(count[language] for count in counts)
        assert counts[0][language] / total == pytest.approx(0.75, abs=0.1), language
        assert all(count[language] for count in counts), language


def test_labels_stay_with_their_names(surnames: Corpus) -> None:
    pairs = set(zip(surnames.items, surnames.labels, strict=True))
    for part in parts(split_by_name(surnames, **SHARES, seed=3)):
        assert set(zip(part.items, part.labels, strict=True)) <= pairs


def test_case_and_accents_do_not_make_another_name() -> None:
    assert same_name("Ávila") == same_name("avila")
    assert same_name("Åberg") != same_name("Oberg")


def test_a_list_without_labels_is_refused() -> None:
    corpus = Corpus("names", "Names", joined(("a", "b")), ("a", "b"), "made up", "CC0")
    with pytest.raises(CorpusError, match="label"):
        split_by_name(corpus, **SHARES, seed=1)
