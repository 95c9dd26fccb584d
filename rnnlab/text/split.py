"""A corpus divided into the part to learn from and the parts to be tested on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from rnnlab.text.corpus import Corpus, CorpusError, joined

_ROUNDING = 1e-9  # shares such as 0.9 + 0.1 are summed in floating point


@dataclass(frozen=True)
class Part:
    """One side of a split: a piece of text, or a list with its text, one item a line."""

    text: str
    items: tuple[str, ...] | None


@dataclass(frozen=True)
class Split:
    """Training, validation and test part, none of which overlap in place."""

    training: Part
    validation: Part
    test: Part  # empty when the other two take everything
    duplicates: int  # items that repeat an earlier one, counted before any were dropped


def split_corpus(
    corpus: Corpus,
    *,
    max_characters: int = 0,
    train_share: float = 0.9,
    validation_share: float = 0.05,
    drop_duplicates: bool = False,
    seed: int = 1,
) -> Split:
    """A corpus as training, validation and test part.

    Prose is cut in two places: first the training part, then validation, then test. Lists are
    shuffled, then divided by item.

    Args:
        max_characters: use only the beginning; of a list, the first items that fit. 0 uses all.
        train_share: of the characters (prose) or items (list) that are used.
        validation_share: the same, 0 for none; the test part is what is left over.
        drop_duplicates: keep each item once, so that none stands on two sides; prose ignores it.
        seed: of the shuffle of a list.
    Raises:
        CorpusError: impossible shares, or a part that would be too small to measure anything.
    """
    _check_shares(train_share, validation_share)
    if corpus.items is None:
        text = corpus.text[:max_characters] if max_characters else corpus.text
        a, b = _cuts(len(text), train_share, validation_share)
        parts = [Part(piece, None) for piece in (text[:a], text[a:b], text[b:])]
        least = (2, 2 if validation_share else 0)
        _check_sizes([len(part.text) for part in parts], "characters", least)
        training, validation, test = parts
        return Split(training, validation, test, duplicates=0)
    items = _first_items(corpus.items, max_characters)
    distinct = tuple(dict.fromkeys(items))
    kept = distinct if drop_duplicates else items
    order = np.random.default_rng(seed).permutation(len(kept))
    shuffled = tuple(kept[i] for i in order)
    a, b = _cuts(len(shuffled), train_share, validation_share)
    parts = [_list_part(piece) for piece in (shuffled[:a], shuffled[a:b], shuffled[b:])]
    least = (1, 1 if validation_share else 0)
    _check_sizes([len(part.items or ()) for part in parts], "items", least)
    training, validation, test = parts
    return Split(training, validation, test, duplicates=len(items) - len(distinct))


def _cuts(n: int, train_share: float, validation_share: float) -> tuple[int, int]:
    """Where the training and the validation part of n characters or items end."""
    train = int(train_share * n)
    if train_share + validation_share > 1 - _ROUNDING:
        return train, n
    return train, train + int(validation_share * n)


def _list_part(items: tuple[str, ...]) -> Part:
    return Part(joined(items), items)


def _first_items(items: tuple[str, ...], max_characters: int) -> tuple[str, ...]:
    if not max_characters:
        return items
    ends = itertools.accumulate(len(item) + 1 for item in items)
    return items[: sum(end <= max_characters for end in ends)]


def _check_shares(train_share: float, validation_share: float) -> None:
    if not (train_share > 0 and validation_share >= 0):
        raise CorpusError("The training share must be above 0, the validation share at least 0.")
    if train_share + validation_share > 1 + _ROUNDING:
        raise CorpusError(
            f"Training share {train_share:g} and validation share {validation_share:g} add up to "
            "more than 1; lower one of them."
        )


def _check_sizes(sizes: list[int], what: str, least: tuple[int, int]) -> None:
    for name, size, smallest in zip(("training", "validation"), sizes, least, strict=False):
        if size < smallest:
            raise CorpusError(
                f"The {name} part would have {size} of {sum(sizes):,} {what}, but needs at least "
                f"{smallest}; use more of the text or raise the {name} share."
            )
