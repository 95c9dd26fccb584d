"""When a network learned what: surprise by kind of character at each snapshot, and word counts.

Surprise is in bits. Written words are counted by whether the training text has them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import log_probability
from rnnlab.network.reading import Piece, read_streams
from rnnlab.text.features import Places, words

STREAMS = 16  # parts of the text read side by side: one matrix product serves them all
MIN_PLACES = 5  # places of a kind below which its mean says nothing
_ITEMS = 128  # items read side by side

Rule = Literal["pairs", "half", "nearly"]
RULES: dict[Rule, str] = {
    "pairs": "better than counted pairs",
    "half": "half of the way",
    "nearly": "90 % of the way",
}
_WAY: dict[Rule, float] = {"half": 0.5, "nearly": 0.9}


@dataclass(frozen=True, eq=False)
class Examined:
    """What the network of one snapshot did on a text of N characters."""

    bits: np.ndarray  # (N − 1,) surprise −log2 p at each character but the first
    scores: np.ndarray  # (F, H) |r| of each unit with each feature of the character just read

    def loss(self) -> float:
        """The mean surprise in nats per character."""
        return float(self.bits.mean() * math.log(2))


@dataclass(frozen=True, eq=False)
class Learning:
    """How surprising one kind of character was, from snapshot to snapshot."""

    name: str
    count: int  # places of the text where it stood
    bits: np.ndarray  # (M,) mean surprise at these places
    pairs: float | None  # of counted pairs of characters at the same places; None: not counted
    uniform: float  # of guessing without any knowledge, log2 V

    def level(self, rule: Rule) -> float | None:
        """The surprise below which it counts as learned; None where the rule cannot say."""
        if rule == "pairs":
            return self.pairs
        gain = self.uniform - self.bits[-1]
        return float(self.uniform - _WAY[rule] * gain) if gain > 0 else None

    def learned(self, rule: Rule) -> int | None:
        """The first snapshot from which the surprise is below the level for good; None: never."""
        level = self.level(rule)
        return None if level is None else first_for_good(self.bits, level)


def first_for_good(values: np.ndarray, level: float) -> int | None:
    """The first place from which all values are below a level; None if the last one is not.

    What is no number is not below.
    """
    above = np.flatnonzero(~(values < level))
    first = int(above[-1]) + 1 if len(above) else 0
    return first if first < len(values) else None


def examined(
    model: CharRNN,
    ids: np.ndarray,
    features: Places,
    name: str,
    layer: int,
    item_end: int | None = None,
) -> Examined:
    """Read a text once: the surprise at every character, and what the units of a layer follow.

    The score of unit j for a feature a is |r_j|, r_j = corr(h_j, a), over all characters read.

    Args:
        ids: (N,) the text, N ≥ 2.
        features: F of them, (N,) each.
        name, layer: as `Tape.trace` takes them.
        item_end: between two items, of a network that learned single items: it then reads each
            from a zero state.
    Raises:
        ValueError: the text is too short.
    """
    if len(ids) < 2:
        raise ValueError(
            f"The text to measure on has {len(ids)} characters that this network knows, but needs "
            "at least two; put the text that it learned from back in its place."
        )
    bits = np.full(len(ids) - 1, np.nan)
    labels = np.stack(list(features.values()), axis=1).astype(np.float64)  # (N, F)
    sums = _Sums(labels.shape[1], model.architecture.hidden_size)
    read = read_streams(model, ids, STREAMS) if item_end is None else _items(model, ids, item_end)
    for places, counts, tape in read:
        log_p = log_probability(tape.logits, ids[places + 1])
        bits[places[counts]] = -log_p[counts] / math.log(2)
        sums.add(tape.trace(name, layer)[counts], labels[places[counts]])
    return Examined(bits, np.abs(sums.correlations()))


def learning(
    bits: np.ndarray, kinds: Places, uniform: float, pairs: np.ndarray | None = None
) -> list[Learning]:
    """The mean surprise of each kind of character at every snapshot, kinds too rare left out.

    Args:
        bits: (M, N − 1) of `examined` at each snapshot.
        kinds: (N,) each.
        uniform: log2 V.
        pairs: (N − 1,) the surprise of a model that counted pairs, at the same characters.
    """
    found = []
    for name, places in kinds.items():
        there = places[1:]  # the first character is not predicted
        if (count := int(there.sum())) >= MIN_PLACES:
            known = None if pairs is None else float(pairs[there].mean())
            found.append(Learning(name, count, bits[:, there].mean(axis=1), known, uniform))
    return found


def in_order(lines: Sequence[Learning], rule: Rule) -> dict[int, list[str]]:
    """The kinds that were learned at each snapshot, the earliest first; others are missing."""
    found: dict[int, list[str]] = {}
    for line in lines:
        if (snapshot := line.learned(rule)) is not None:
            found.setdefault(snapshot, []).append(line.name)
    return dict(sorted(found.items()))


class _Sums:
    """Sums over characters from which correlations follow."""

    def __init__(self, features: int, units: int) -> None:
        self.n = 0
        self.x, self.xx = np.zeros(units), np.zeros(units)
        self.a, self.ax = np.zeros(features), np.zeros((features, units))

    def add(self, x: np.ndarray, a: np.ndarray) -> None:
        """x (n, H) values, a (n, F) zeros and ones."""
        x = x.astype(np.float64)
        self.n += len(x)
        self.x += x.sum(axis=0)
        self.xx += (x * x).sum(axis=0)
        self.a += a.sum(axis=0)
        self.ax += a.T @ x

    def correlations(self) -> np.ndarray:
        """(F, H); 0 where a unit or a feature never changes."""
        mean_x, mean_a = self.x / self.n, self.a / self.n
        spread_x = np.sqrt(np.maximum(self.xx / self.n - mean_x**2, 0))
        spread_a = np.sqrt(mean_a * (1 - mean_a))
        together = self.ax / self.n - np.outer(mean_a, mean_x)
        scale = np.outer(spread_a, spread_x)
        moves = scale > 1e-9
        return np.where(moves, together / np.where(moves, scale, 1), 0.0)


def _items(model: CharRNN, ids: np.ndarray, item_end: int) -> Iterator[Piece]:
    """Each item from a zero state, those of like length together."""
    starts = np.flatnonzero(ids[:-1] == item_end)
    starts = np.union1d(starts, [0])
    lengths = np.diff(np.append(starts, len(ids) - 1))
    order = np.argsort(lengths, kind="stable")
    for rows in np.split(order, np.arange(_ITEMS, len(order), _ITEMS)):
        columns = np.arange(lengths[rows].max())
        counts = columns < lengths[rows][:, None]
        places = np.minimum(starts[rows][:, None] + columns, len(ids) - 2)
        yield places, counts, model.forward(ids[places])


LENGTHS: tuple[tuple[str, int, int], ...] = (
    ("1 to 3 letters", 1, 3),
    ("4 to 6 letters", 4, 6),
    ("7 letters and more", 7, 10**9),
)


@dataclass(frozen=True, eq=False)
class WordCounts:
    """Counts at M snapshots for each of the `LENGTHS`."""

    written: np.ndarray  # (M, 3) words
    known: np.ndarray  # (M, 3) of them, those that occur in the training text

    def shares(self) -> np.ndarray:
        """(M, 3) known / written, NaN where no such word was written."""
        return np.where(self.written > 0, self.known / np.maximum(self.written, 1), np.nan)


def word_counts(texts: Sequence[str], lexicon: AbstractSet[str]) -> WordCounts:
    """Count the words of each text by length. The last word of a text, cut by its end, is left out.

    Args:
        texts: of M snapshots.
        lexicon: the words of the training text, in small letters.
    """
    counts = np.array([_counts(text, lexicon) for text in texts], dtype=np.int64)
    counts = counts.reshape(len(texts), 2, len(LENGTHS))
    return WordCounts(counts[:, 0], counts[:, 1])


def _counts(text: str, lexicon: AbstractSet[str]) -> list[list[int]]:
    whole = text[: max(len(text) - len(_last_word(text)), 0)]
    found = list(words(whole))
    by_length = [[w for w in found if low <= len(w) <= high] for _, low, high in LENGTHS]
    return [[len(ws) for ws in by_length], [sum(w in lexicon for w in ws) for ws in by_length]]


def _last_word(text: str) -> str:
    """The letters in which a text ends, "" when a word is complete there."""
    end = len(text)
    while end and (text[end - 1].isalpha() or text[end - 1] in "'’"):
        end -= 1
    return text[end:]
