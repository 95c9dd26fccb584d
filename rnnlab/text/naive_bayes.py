"""Naive Bayes over the n-grams of a name: what a classifier without any order in it can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

LONGEST = 4  # characters of an n-gram
ALPHA = 0.1  # added to every count; with 1, rare languages are hardly ever recognised


class NaiveBayes:
    """Multinomial naive Bayes over the 1- to 4-grams of names, with a little added to every count.

    The name counts in lower case, between a sign for its beginning and one for its end. N-grams
    that no training name has are left out.

    Source: Manning, Raghavan & Schütze 2008, Introduction to Information Retrieval, ch. 13.
    """

    def __init__(self, names: Sequence[str], labels: Sequence[str]) -> None:
        self.labels = tuple(sorted(set(labels)))
        place = {label: k for k, label in enumerate(self.labels)}
        self._columns: dict[str, int] = {}
        for name in names:
            for gram in ngrams(name):
                self._columns.setdefault(gram, len(self._columns))
        counts = np.zeros((len(self._columns), len(self.labels)))
        priors = np.zeros(len(self.labels))
        for name, label in zip(names, labels, strict=True):
            priors[place[label]] += 1
            np.add.at(counts, (self._columns_of(name), place[label]), 1)
        self._log_prior = np.log(priors / priors.sum())  # (labels,)
        self._log_share = np.log((counts + ALPHA) / (counts + ALPHA).sum(axis=0))  # (grams, labels)

    def log_scores(self, name: str) -> np.ndarray:
        """Logarithm of each label's share in the names, times those of its n-grams, (labels,)."""
        return self._log_prior + self._log_share[self._columns_of(name)].sum(axis=0)

    def log_probabilities(self, names: Sequence[str]) -> np.ndarray:
        """Logarithms of the labels' probabilities, (names, labels)."""
        scores = np.stack([self.log_scores(name) for name in names])
        scores -= scores.max(axis=1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))

    def predict(self, names: Sequence[str]) -> tuple[str, ...]:
        """The likeliest label of each name."""
        return tuple(self.labels[int(self.log_scores(name).argmax())] for name in names)

    def _columns_of(self, name: str) -> list[int]:
        return [self._columns[gram] for gram in ngrams(name) if gram in self._columns]


def ngrams(name: str) -> Iterator[str]:
    """Every piece of one to four characters, with repetitions; '^' begins and '$' ends a name."""
    text = f"^{name.lower()}$"
    for n in range(1, LONGEST + 1):
        for start in range(len(text) - n + 1):
            yield text[start : start + n]
