"""What mere counting achieves: n-gram models, naive Bayes over names, single characters.

An n-gram model predicts a character from the n − 1 before it, by how often it followed them in
the training text. Where these were rarely seen, it trusts one character less, and so on down to
the uniform distribution (interpolation of Witten & Bell 1991, doi:10.1109/18.87000):

    P_n(c | ctx) = (N(ctx, c) + T(ctx) · P_{n−1}(c | ctx′)) / (N(ctx) + T(ctx)),   P_0 = 1 / V

with N the counts, T(ctx) the number of distinct successors, and ctx′ the context without its
oldest character; a context that was never seen passes P_{n−1} on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

MAX_ORDER = 6
_UNSEEN = -1  # number of a context that the training text does not have
_START = 0  # number of the context of one place before the first character of a sequence
_END = np.iinfo(np.int64).max  # behind all pairs, so that a search always stops at one


class NgramLadder:
    """The n-gram models of all orders up to the highest, counted on one training text.

    Args:
        sequences: ids, each (N,), N ≥ 1; no context reaches over the beginning of a sequence.
        vocab_size: V.
        highest: the largest n.
    """

    def __init__(
        self, sequences: Sequence[np.ndarray], vocab_size: int, highest: int = MAX_ORDER
    ) -> None:
        self.vocab_size = vocab_size
        self._rungs: list[_Rung] = []
        symbols = np.concatenate(sequences).astype(np.int64)  # (N,)
        firsts = np.cumsum([0, *map(len, sequences[:-1])])
        contexts, number = np.zeros(len(symbols), np.int64), 1
        for _ in range(highest):
            rung = _counted(contexts, number, symbols, vocab_size)
            self._rungs.append(rung)
            # What was read with its context is the context of what comes next, one order higher.
            contexts = _shifted(rung.after(contexts, symbols), _UNSEEN)
            contexts[firsts], number = _first(len(self._rungs) + 1), len(rung.pairs) + 1

    @property
    def highest(self) -> int:
        """The largest n."""
        return len(self._rungs)

    def log_probabilities(self, ids: np.ndarray) -> np.ndarray:
        """(highest + 1, N − 1) ln P_n of each character of a text but the first, n = 0, 1, …"""
        symbols = ids.astype(np.int64)
        p = np.full(len(symbols), 1 / self.vocab_size)
        logs = [np.log(p)]
        contexts = np.zeros(len(symbols), np.int64)
        for order, rung in enumerate(self._rungs, start=1):
            p = rung.mix(contexts, symbols, p)
            logs.append(np.log(p))
            contexts = _shifted(rung.after(contexts, symbols), _first(order + 1))
        return np.array(logs)[:, 1:]

    def losses(self, sequences: Sequence[np.ndarray]) -> tuple[float, ...]:
        """The loss of each order over a text, uniform first, in nats per character.

        Args:
            sequences: ids, each (N,); the first character of each is not predicted.
        """
        sums, characters = np.zeros(self.highest + 1), 0
        for ids in sequences:
            sums -= self.log_probabilities(ids).sum(axis=1)
            characters += len(ids) - 1
        return tuple((sums / characters).tolist())

    def write(
        self, prime: np.ndarray, order: int, uniforms: Sequence[float] | np.ndarray
    ) -> Iterator[int]:
        """Characters of one order, one for each uniform number in [0, 1).

        Args:
            prime: (N,) ids that are read first.
            order: n, from 0 (all characters equally likely) to the highest.
        """
        contexts = [0, *(_first(n) for n in range(2, order + 1))]
        for symbol in prime:
            contexts = self._next(contexts, int(symbol))
        for u in uniforms:
            p = np.full(self.vocab_size, 1 / self.vocab_size)
            for rung, context in zip(self._rungs[:order], contexts, strict=False):
                p = rung.distribution(context, p)
            drawn = int(min(np.searchsorted(np.cumsum(p), u, side="right"), self.vocab_size - 1))
            yield drawn
            contexts = self._next(contexts, drawn)

    def _next(self, contexts: list[int], symbol: int) -> list[int]:
        """The context on each rung, after one more character."""
        pairs = zip(self._rungs, contexts[:-1], strict=False)
        return [0, *(int(rung.after(np.array([c]), np.array([symbol]))[0]) for rung, c in pairs)]


def effective_order(loss: float, ladder: Sequence[float]) -> float | None:
    """The n, between two rungs, of the n-gram model that would be as good; None above the best.

    Args:
        loss: of a network, in nats per character, over the text of the ladder.
        ladder: losses of the orders 0, 1, …; only rungs better than all before them count.
    Returns:
        n + (ℓ_n − loss) / (ℓ_n − ℓ_next) between two rungs, at least 0.
    """
    rungs = best_rungs(ladder)
    if loss >= ladder[0]:
        return 0.0
    for low, high in itertools.pairwise(rungs):
        if loss > ladder[high]:
            return low + (high - low) * (ladder[low] - loss) / (ladder[low] - ladder[high])
    return float(rungs[-1]) if loss == ladder[rungs[-1]] else None


def best_rungs(ladder: Sequence[float]) -> list[int]:
    """The orders that are better than every lower one."""
    return [n for n, loss in enumerate(ladder) if loss < min(ladder[:n], default=np.inf)]


@dataclass(frozen=True)
class _Rung:
    """What was counted for one order: contexts have numbers, and pairs of a context and the
    character behind it too, which are the contexts of the next order."""

    pairs: np.ndarray  # (pairs + 1,) number of a context · V + character, ascending; then `_END`
    counts: np.ndarray  # (pairs + 1,) how often the character followed; then 0
    totals: np.ndarray  # (contexts,) how often anything followed
    distinct: np.ndarray  # (contexts,) how many different characters did
    base: int  # V

    def after(self, contexts: np.ndarray, symbols: np.ndarray) -> np.ndarray:
        """The contexts of the next order, once these characters have been read."""
        places, found = self._find(contexts, symbols)
        return np.where(found, places + 1, _UNSEEN)

    def mix(self, contexts: np.ndarray, symbols: np.ndarray, p: np.ndarray) -> np.ndarray:
        """(N,) P_n of the characters that follow, given their P_{n−1}."""
        places, found = self._find(contexts, symbols)
        counts = np.where(found, self.counts[places], 0)
        return self._interpolated(contexts, counts, p)

    def distribution(self, context: int, p: np.ndarray) -> np.ndarray:
        """(V,) P_n of all characters after one context, given P_{n−1}."""
        ends = np.searchsorted(self.pairs, [context * self.base, (context + 1) * self.base])
        counts = np.zeros(self.base)
        counts[self.pairs[slice(*ends)] % self.base] = self.counts[slice(*ends)]
        return self._interpolated(np.array(context), counts, p)

    def _find(self, contexts: np.ndarray, symbols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where pairs stand, and whether they do."""
        pairs = contexts * self.base + symbols
        places = np.searchsorted(self.pairs, pairs)
        return places, (self.pairs[places] == pairs) & (contexts >= 0)

    def _interpolated(self, contexts: np.ndarray, counts: np.ndarray, p: np.ndarray) -> np.ndarray:
        known = (contexts >= 0) & (self.totals[contexts] > 0)
        totals, distinct = self.totals[contexts], self.distinct[contexts]
        return np.where(known, (counts + distinct * p) / np.maximum(totals + distinct, 1), p)


def _counted(contexts: np.ndarray, number: int, symbols: np.ndarray, base: int) -> _Rung:
    """A rung with so many contexts."""
    known = contexts >= 0
    pairs, counts = np.unique(contexts[known] * base + symbols[known], return_counts=True)
    return _Rung(
        np.append(pairs, _END),
        np.append(counts, 0),
        np.bincount(contexts[known], minlength=number),
        np.bincount(pairs // base, minlength=number),
        base,
    )


def _first(order: int) -> int:
    """The context of an order before the first character: nothing, the start, or more than there
    is, which is left to the lower orders."""
    return _START if order <= 2 else _UNSEEN


def _shifted(contexts: np.ndarray, first: int) -> np.ndarray:
    """What is known after each character is what comes before the next one."""
    return np.concatenate(([first], contexts[:-1]))


MAX_NGRAM_CHARACTERS = 4  # characters of an n-gram
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
    for n in range(1, MAX_NGRAM_CHARACTERS + 1):
        for start in range(len(text) - n + 1):
            yield text[start : start + n]


def unigram_loss(training: np.ndarray, text: np.ndarray, vocab_size: int) -> float:
    """The loss of knowing only how frequent each character is, in nats per character.

    Args:
        training: (N,) ids in which characters are counted, each once more than it occurs, so that
            none is held impossible.
        text: (M,) ids that are predicted, all but the first.
    """
    counts = np.bincount(training, minlength=vocab_size) + 1
    return -float(np.log(counts / counts.sum())[text[1:]].mean())
