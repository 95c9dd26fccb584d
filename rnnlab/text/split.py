"""A corpus divided into training, validation and test part; labeled names are divided by name.

Case and accents do not make two names: all lines of one name stand on one side, for a random
split of the lines would test on names that were learned.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnnlab.text.corpora.corpus import Corpus, CorpusError, joined

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


@dataclass(frozen=True)
class LabelledPart(Part):
    """One side of a split of labelled names."""

    labels: tuple[str, ...] = ()  # one for each item


def without_accents(name: str) -> str:
    """A name with its letters taken apart from their accents, which are dropped: 'Żak' → 'Zak'."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(c for c in apart if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)  # a list is split again and again, and letters are slow to take apart
def same_name(name: str) -> str:
    """What two spellings of one name share: case and accents do not count."""
    return without_accents(name).lower()


def split_by_name(
    corpus: Corpus,
    *,
    train_share: float,
    validation_share: float,
    drop_duplicates: bool,
    seed: int,
) -> Split:
    """Labelled names as training, validation and test part, stratified by label.

    All lines of one name are on one side, whatever their label, case and accents: a random split
    of lines would test on names it learned. A name with several labels counts with the rarest of
    them when its side is drawn. Within a part, names stand in a random order.

    Args:
        train_share, validation_share: of the names of each label; the test part is what is left.
        drop_duplicates: keep one line for each name and label.
        seed: of the drawing.
    Raises:
        CorpusError: no labels, or a part that is asked for would be empty.
    """
    if corpus.items is None or corpus.labels is None:
        raise CorpusError(
            f"'{corpus.title}' is no list of names with a label each, such as 'surnames'."
        )
    lines = list(zip(corpus.items, corpus.labels, strict=True))
    kept = _first_of_each(lines) if drop_duplicates else lines
    rng = np.random.default_rng(seed)
    side = _sides(kept, train_share, validation_share, rng)
    shuffled = [kept[i] for i in rng.permutation(len(kept))]
    parts = [
        _part([line for line in shuffled if side[same_name(line[0])] == place])
        for place in range(3)
    ]
    _check(parts, validation_share)
    training, validation, test = parts
    return Split(training, validation, test, duplicates=len(lines) - len(_first_of_each(lines)))


def _first_of_each(lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for name, label in lines:
        first.setdefault((same_name(name), label), (name, label))
    return list(first.values())


def _sides(
    lines: list[tuple[str, str]], train: float, validation: float, rng: np.random.Generator
) -> dict[str, int]:
    """0, 1 or 2 (training, validation, test) for every name."""
    sizes = Counter(label for _, label in lines)
    labels: dict[str, set[str]] = defaultdict(set)
    for name, label in lines:
        labels[same_name(name)].add(label)
    stratum: dict[str, list[str]] = defaultdict(list)
    for name in sorted(labels):
        stratum[min(labels[name], key=lambda label: (sizes[label], label))].append(name)
    side = {}
    for label in sorted(stratum):
        names = stratum[label]
        ends = np.round(np.array([train, train + validation]) * len(names))
        for place, i in enumerate(rng.permutation(len(names))):
            side[names[i]] = int(np.searchsorted(ends, place, side="right"))
    return side


def _part(lines: list[tuple[str, str]]) -> LabelledPart:
    names = tuple(name for name, _ in lines)
    return LabelledPart(joined(names), names, tuple(label for _, label in lines))


def _check(parts: list[LabelledPart], validation_share: float) -> None:
    if not parts[0].items or (validation_share and not parts[1].items):
        raise CorpusError("A part of the split has no names; use more names or other shares.")
