"""What names are like that a network wrote, and how well it predicts real ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.network.losses import log_probability
from rnnlab.network.naming import Reader, finish_name
from rnnlab.text.batching import Batch
from rnnlab.text.vocabulary import Vocabulary

_ORDER = 3  # of the model that judges: two letters and the next


@dataclass(frozen=True)
class NameLosses:
    """How well names were predicted, in nats; NaN over none."""

    per_letter: float  # mean over all letters
    per_name: float  # mean over names of the mean over a name's letters: short ones count more


def name_losses(model: Reader, batches: Iterable[Batch]) -> NameLosses:
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
    model: Reader,
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


def shares(names: Sequence[str], known: Iterable[str]) -> dict[str, float]:
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
