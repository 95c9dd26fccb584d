"""How well a network does on names: losses, originality, class probabilities, confusion, F1.

With naive Bayes, a network that tells names apart makes a product of experts (Hinton 2002,
doi:10.1162/089976602760128018). A trigram model of the known names (Witten & Bell 1991, method C)
says how unusual written names are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.network.kinds.bidirectional import PADDING
from rnnlab.network.losses import log_probability, log_softmax, softmax
from rnnlab.network.sampling import NameReader, finish_name
from rnnlab.text.batching import Batch
from rnnlab.text.vocabulary import Vocabulary

_ORDER = 3  # of the model that judges: two letters and the next


@dataclass(frozen=True)
class NameLosses:
    """How well names were predicted, in nats; NaN over none."""

    per_letter: float  # mean over all letters
    per_name: float  # mean over names of the mean over a name's letters: short ones count more


def name_losses(model: NameReader, batches: Iterable[Batch]) -> NameLosses:
    """The losses of a network over batches of one name a row."""
    sums, counts = [np.empty(0)], [np.empty(0)]
    for batch in batches:
        logits = model.forward(batch.inputs).logits  # (B, T, V)
        mask = np.ones(batch.targets.shape, bool) if batch.mask is None else batch.mask
        chosen = log_probability(logits, batch.targets)
        sums.append(-np.where(mask, chosen, 0).sum(axis=1, dtype=np.float64))  # (B,)
        counts.append(mask.sum(axis=1))  # (B,)
    total, letters = np.concatenate(sums), np.concatenate(counts)
    if not len(total):
        return NameLosses(float("nan"), float("nan"))
    return NameLosses(float(total.sum() / letters.sum()), float((total / letters).mean()))


def finished(
    model: NameReader,
    vocabulary: Vocabulary,
    start: str,
    *,
    end: str,
    number: int,
    temperature: float,
    rng: np.random.Generator,
) -> list[str]:
    """Names that begin as somebody wants, each written to its end.

    Args:
        start: the beginning; "" draws a first letter for each name, all letters equally often.
        end: the sign that ends a name.
    Raises:
        UnknownCharacterError: the start has characters that the network does not know.
        ValueError: the start is over before it begins.
        DivergedModelError: the network computes no numbers any more.
    """
    if end in start:
        raise ValueError(f"'{end}' ends a name, so nothing can follow it; leave it out.")
    letters = [symbol for symbol in vocabulary.symbols if symbol != end]
    sign = int(vocabulary.encode(end)[0])
    starts = [start or letters[k] for k in rng.integers(len(letters), size=number)]
    ids = [vocabulary.encode(each) for each in starts]
    rests = [finish_name(model, each, sign, rng, temperature) for each in ids]
    return [each + vocabulary.decode(rest) for each, rest in zip(starts, rests, strict=True)]


def letter_shares(names: Sequence[str], known: Iterable[str]) -> dict[str, float]:
    """Of written names, which share is not in the list it learned from, and which share is
    distinct, in percent."""
    learned = set(known)
    return {
        "share_new": 100 * sum(name not in learned for name in names) / len(names),
        "share_distinct": 100 * len(set(names)) / len(names),
    }


def judged(names: Sequence[str], known: Sequence[str], unseen: Sequence[str]) -> dict[str, float]:
    """How unusual a trigram model of the known names finds others: nats per letter.

    Returns:
        "judged_loss" of those written names that are new, and for comparison "judged_loss_real"
        of real names that are not known either; without any, it is missing.
    """
    judge, learned = Trigrams(known), set(known)
    groups = {"judged_loss": names, "judged_loss_real": unseen}
    new = {key: [name for name in group if name not in learned] for key, group in groups.items()}
    return {key: judge.loss(group) for key, group in new.items() if group}


class Trigrams:
    """How likely each letter of a name is after the two before it.

    Counts of two letters, one and none are mixed by the rule of Witten and Bell: a context that
    was followed by many different letters leaves more to the shorter one.

    Source: Witten & Bell 1991, method C.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for name in names:
            text = _framed(name)
            for k in range(_ORDER - 1, len(text)):
                for order in range(_ORDER):
                    self._counts[text[k - order : k]][text[k]] += 1
        self._letters = max(1, len(self._counts[""]))

    def probability(self, context: str, letter: str) -> float:
        """Of a letter after up to two others."""
        shorter = self.probability(context[1:], letter) if context else 1 / self._letters
        found = self._counts.get(context)
        if not found:
            return shorter
        total, distinct = found.total(), len(found)
        return (found[letter] + distinct * shorter) / (total + distinct)

    def loss(self, names: Iterable[str]) -> float:
        """Nats per letter, the end included and the first letter not."""
        found = [
            -np.log(self.probability(text[k - _ORDER + 1 : k], text[k]))
            for text in map(_framed, names)
            for k in range(_ORDER, len(text))
        ]
        return float(np.mean(found))


def _framed(name: str) -> str:
    return " " * (_ORDER - 1) + name + "."


_AT_ONCE = 1000  # names; bounds the memory


def class_probabilities(model: NameReader, names: Sequence[np.ndarray]) -> np.ndarray:
    """The probability of each label after the last symbol of each name, (names, labels).

    Args:
        names: ids, at least one each.
    """
    parts = [
        _read(model, names[start : start + _AT_ONCE]) for start in range(0, len(names), _AT_ONCE)
    ]
    return np.concatenate(parts)


def class_probabilities_by_letter(model: NameReader, name: np.ndarray) -> np.ndarray:
    """What it believes when the name ends after each of its letters, (T, labels)."""
    return class_probabilities(model, [name[: t + 1] for t in range(len(name))])


@dataclass(frozen=True, eq=False)
class Exchanges:
    """What it believes when one letter of a name is exchanged for another."""

    original: np.ndarray  # (labels,) of the name as it is
    changed: np.ndarray  # (letters, T, labels), row by row another letter, column by column a place

    @property
    def guess(self) -> int:
        """What it takes the name for."""
        return int(self.original.argmax())

    @property
    def flips(self) -> np.ndarray:
        """(letters, T) bool: with this letter there, it takes the name for something else."""
        return self.changed.argmax(axis=2) != self.guess

    def strongest(self) -> tuple[int, int] | None:
        """Letter and place of the flip that it is surest of; None when no letter flips it."""
        sure = np.where(self.flips, self.changed.max(axis=2), -1.0)
        if not self.flips.any():
            return None
        letter, place = np.unravel_index(int(sure.argmax()), sure.shape)
        return int(letter), int(place)


def exchanges(model: NameReader, name: np.ndarray, others: np.ndarray) -> Exchanges:
    """Every single letter of a name exchanged for each of some others.

    Args:
        name: (T,) ids.
        others: (letters, T) ids to put there, one row a letter, in upper case where the name is.
    """
    letters, length = others.shape
    rows = np.broadcast_to(name, (letters, length, length)).copy()  # (letters, T, T)
    for place in range(length):
        rows[:, place, place] = others[:, place]
    found = class_probabilities(model, [name, *rows.reshape(-1, length)])
    return Exchanges(found[0], found[1:].reshape(letters, length, -1))


def _read(model: NameReader, names: Sequence[np.ndarray]) -> np.ndarray:
    lengths = np.array([len(name) for name in names])
    ids = np.full((len(names), lengths.max()), PADDING)  # (B, T)
    for row, name in enumerate(names):
        ids[row, : len(name)] = name
    logits = model.forward(ids).logits  # (B, T, labels)
    return softmax(logits[np.arange(len(names)), lengths - 1])


def confusion_matrix(
    labels: Sequence[str], truth: Sequence[str], predicted: Sequence[str]
) -> np.ndarray:
    """How often each label (row) was taken for each (column), (labels, labels) int."""
    place = {label: k for k, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), int)
    for true, guess in zip(truth, predicted, strict=True):
        counts[place[true], place[guess]] += 1
    return counts


def accuracy(confusion: np.ndarray) -> float:
    """Share of the things whose label was found, 0 to 1; NaN without any."""
    total = confusion.sum()
    return float(np.trace(confusion) / total) if total else float("nan")


def f1_scores(confusion: np.ndarray) -> np.ndarray:
    """Harmonic mean of precision and recall of each label, (labels,); 0 where nothing was found."""
    hits = np.diagonal(confusion).astype(float)
    both = confusion.sum(axis=0) + confusion.sum(axis=1)  # predicted so, and truly so
    return np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)


def macro_f1(confusion: np.ndarray) -> float:
    """The mean of the labels' F1: every label counts the same, however rare."""
    return float(f1_scores(confusion).mean())


WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)  # of the counts; the network has 1


def product_of_experts(network: np.ndarray, counts: np.ndarray, weight: float) -> np.ndarray:
    """Logarithms of probabilities proportional to p_network · p_counts^weight, (names, labels).

    Args:
        network, counts: logarithms of the probabilities of each.
    Source: Hinton 2002, Training products of experts, doi:10.1162/089976602760128018.
    """
    return log_softmax(network + weight * counts)


def best_weight(network: np.ndarray, counts: np.ndarray, truth: np.ndarray) -> float:
    """Which of the weights gives names of known labels, (names,), the lowest loss."""
    rows = np.arange(len(truth))
    losses = [
        -product_of_experts(network, counts, weight)[rows, truth].mean() for weight in WEIGHTS
    ]
    return WEIGHTS[int(np.argmin(losses))]
