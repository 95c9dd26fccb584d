"""A split loses nothing, repeats nothing, and is drawn to the shares asked for."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.text.corpora.corpus import Corpus, CorpusError, joined
from rnnlab.text.split import split_corpus


def prose(text: str) -> Corpus:
    return Corpus("prose", "Prose", text, None, "test", "none")


def listing(items: tuple[str, ...]) -> Corpus:
    return Corpus("list", "List", joined(items), items, "test", "none")


SHARES = st.tuples(st.floats(0.05, 0.95), st.floats(0.02, 0.95)).filter(lambda s: sum(s) <= 1)


@given(st.integers(200, 2000), SHARES)
def test_prose_is_cut_in_two_places(n: int, shares: tuple[float, float]) -> None:
    text = "".join(chr(97 + i % 26) for i in range(n))
    split = split_corpus(prose(text), train_share=shares[0], validation_share=shares[1])
    parts = (split.training.text, split.validation.text, split.test.text)
    assert "".join(parts) == text
    assert len(parts[0]) == int(shares[0] * n)
    if parts[2]:
        assert len(parts[1]) == int(shares[1] * n)
    assert split.duplicates == 0
    assert split.training.items is None


@given(
    st.lists(st.text("abc", min_size=1, max_size=3), min_size=60, max_size=120),
    SHARES,
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_a_list_is_shuffled_and_divided_by_item(
    items: list[str], shares: tuple[float, float], drop: bool, seed: int
) -> None:
    kept = list(dict.fromkeys(items)) if drop else items
    try:
        split = split_corpus(
            listing(tuple(items)),
            train_share=shares[0],
            validation_share=shares[1],
            drop_duplicates=drop,
            seed=seed,
        )
    except CorpusError:
        assert min(int(shares[0] * len(kept)), int(shares[1] * len(kept))) == 0
        return
    parts = (split.training, split.validation, split.test)
    assert Counter(item for part in parts for item in part.items or ()) == Counter(kept)
    assert len(parts[0].items or ()) == int(shares[0] * len(kept))
    assert split.duplicates == len(items) - len(set(items))
    for part in parts:
        assert part.text == joined(part.items or ())
    if drop:
        sides = [set(part.items or ()) for part in parts]
        assert sum(len(side) for side in sides) == len(set.union(*sides))


def test_the_seed_decides_the_shuffle() -> None:
    corpus = listing(tuple(f"name{i}" for i in range(100)))
    first = split_corpus(corpus, seed=1)
    assert first == split_corpus(corpus, seed=1)
    assert first.training.items != split_corpus(corpus, seed=2).training.items
    assert first.training.items != (corpus.items or ())[:90]


def test_shares_that_sum_to_one_leave_no_test_part() -> None:
    # 0.9 + 0.1 and 0.7 + 0.3 are not 1 to the last bit, and int(0.1 * N) rounds down
    for train, validation in [(0.9, 0.1), (0.7, 0.3), (0.33, 0.67)]:
        split = split_corpus(prose("ab" * 1003), train_share=train, validation_share=validation)
        assert split.test.text == ""
        assert len(split.validation.text) == 2006 - int(train * 2006)


def test_only_the_first_characters_are_used() -> None:
    text = "".join(map(str, range(1000)))
    split = split_corpus(prose(text), max_characters=500)
    assert split.training.text + split.validation.text + split.test.text == text[:500]
    assert split_corpus(prose(text), max_characters=10**8) == split_corpus(prose(text))


def test_only_the_first_items_that_fit_are_used() -> None:
    items = tuple(f"item{i:03}" for i in range(100))  # 8 characters each with their newline
    split = split_corpus(listing(items), max_characters=8 * 40 + 7)
    used = [i for part in (split.training, split.validation, split.test) for i in part.items or ()]
    assert sorted(used) == list(items[:40])


@pytest.mark.parametrize("corpus", [prose("ab" * 50), listing(tuple("abcdefghij"))])
def test_all_of_a_text_can_be_learned_from(corpus: Corpus) -> None:
    split = split_corpus(corpus, train_share=1.0, validation_share=0.0)
    assert sorted(split.training.text) == sorted(corpus.text)
    assert split.validation.text == split.test.text == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"max_characters": 10}, "validation part would have 0 of 10 characters"),
        ({"train_share": 0.0001}, "training part would have 0"),
        ({"train_share": 0.9, "validation_share": 0.2}, "more than 1"),
        ({"train_share": 0.0}, "above 0"),
        ({"validation_share": -0.1}, "at least 0"),
        ({"train_share": float("nan")}, "above 0"),
    ],
)
def test_impossible_splits_are_refused_in_a_sentence(changes: dict, sentence: str) -> None:
    with pytest.raises(CorpusError, match=sentence):
        split_corpus(prose("some text " * 50), **changes)


def test_too_few_items_are_refused() -> None:
    with pytest.raises(CorpusError, match="validation part would have 0 of 12 items"):
        split_corpus(listing(tuple("abcdefghijkl")))


def test_a_corpus_checks_that_text_items_and_labels_belong_together() -> None:
    with pytest.raises(CorpusError, match="not its items"):
        Corpus("x", "X", "a\nb", ("a", "b"), "", "")
    with pytest.raises(CorpusError, match="1 labels"):
        Corpus("x", "X", "a\nb\n", ("a", "b"), "", "", labels=("one",))
