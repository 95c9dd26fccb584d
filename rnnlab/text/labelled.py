"""Lists of labelled names: which names are the same, and how to hold some of them back."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnnlab.text.corpus import Corpus, CorpusError, joined
from rnnlab.text.split import Part, Split


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
