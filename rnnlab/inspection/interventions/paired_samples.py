"""A network writes twice with the same random numbers, as it is and with some units changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.interventions.clamping import tapes
from rnnlab.inspection.writing import checked_length, first_difference
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.clamps import Change
from rnnlab.network.reading import item_starts
from rnnlab.network.tape import check_values, check_weights
from rnnlab.text.vocabulary import Vocabulary

SAMPLES = 10  # pairs of texts a setting
_QUOTES = frozenset('"“”„«»')  # the single one is mostly an apostrophe

STATISTICS: tuple[tuple[str, str], ...] = (  # (name, unit)
    ("capitals", "% of characters"),
    ("spaces", "% of characters"),
    ("newlines", "% of characters"),
    ("punctuation", "% of characters"),
    ("digits", "% of characters"),
    ("double quotes", "% of characters"),
    ("mean length of a line", "characters"),
)


@dataclass(frozen=True)
class PairedSamples:
    """S texts of n characters by the untouched network, and S by the changed one."""

    untouched: tuple[str, ...]
    changed: tuple[str, ...]

    def first_differences(self) -> list[int | None]:
        """Where each pair parts; None where it never does."""
        pairs = zip(self.untouched, self.changed, strict=True)
        return [first_difference(one, other) for one, other in pairs]


def write_pairs(
    model: CharRNN,
    vocabulary: Vocabulary,
    prime: str,
    changes: Sequence[Change],
    *,
    seed: int,
    length: int,
    temperature: float,
    item_end: int | None = None,
) -> PairedSamples:
    """Ten pairs of texts; within a pair each character is drawn with the same random number.

    Common random numbers: u_1 … u_n are drawn once a pair, and every character is the inverse of
    the cumulative probabilities, over the order of the vocabulary, at its u. So whatever differs
    within a pair is due to the change.

    Args:
        prime: what is read first; "" stands for `vocabulary.opening()`.
        seed: of the first pair; the others take the numbers that follow.
    Raises:
        ValueError: an impossible setting, unknown characters, or a diverged network.
    Source: Radford et al. 2017, arXiv:1704.01444 (a clamped unit steers what is written).
    """
    for change in changes:
        model.check_clamp(change)
    check_weights(model.params)
    seeds = range(seed, seed + SAMPLES)
    uniforms = np.stack([np.random.default_rng(s).random(checked_length(length)) for s in seeds])
    ids = vocabulary.encode(prime or vocabulary.opening())

    def written(clamps: Sequence[Change]) -> tuple[str, ...]:
        rows = write_rows(model, ids, uniforms, temperature, clamps, item_end)
        return tuple(vocabulary.decode(row) for row in rows)

    return PairedSamples(written(()), written(changes))


def write_rows(
    model: CharRNN,
    prime: np.ndarray,
    uniforms: np.ndarray,
    temperature: float,
    clamps: Sequence[Change] = (),
    item_end: int | None = None,
) -> np.ndarray:
    """S texts at once, (S, n) ids: row s is what `sampling.sample` writes with uniforms[s].

    Args:
        prime: (N,) N ≥ 1; uniforms: (S, n) in [0, 1).
    """
    if item_end is not None:
        prime = np.concatenate([[item_end], prime])  # an item begins after the end of another
    rows, length = uniforms.shape
    starts = item_starts(prime, item_end)
    *_, last = tapes(model, prime, copies=rows, clamps=clamps, starts=starts)
    logits, state = last.logits[:, -1], last.final_state
    written = np.empty((rows, length), np.int64)
    for t in range(length):
        check_values(logits)
        scaled = (logits - logits.max(axis=1, keepdims=True)).astype(np.float64) / temperature
        cumulative = np.exp(scaled).cumsum(axis=1)  # (S, V)
        goal = uniforms[:, t, None] * cumulative[:, -1:]
        written[:, t] = (cumulative <= goal).sum(axis=1)
        for layer in state:
            for values in layer.values():
                values[written[:, t] == item_end] = 0
        logits, state, _ = model.step(written[:, t], state, clamps)
    return written


@dataclass(frozen=True)
class Effect:
    """One statistic over the pairs."""

    name: str
    unit: str
    untouched: np.ndarray  # (S,)
    changed: np.ndarray  # (S,)

    @property
    def difference(self) -> float:
        """Mean over the pairs, changed minus untouched."""
        return float((self.changed - self.untouched).mean())

    @property
    def error(self) -> float:
        """Standard error of the difference: pairs share their random numbers."""
        differences = self.changed - self.untouched
        return float(differences.std(ddof=1) / np.sqrt(len(differences)))


def effects(pairs: PairedSamples) -> tuple[Effect, ...]:
    """Every statistic of both sides."""
    untouched, changed = (
        np.array([statistics(text) for text in texts])  # (S, statistics)
        for texts in (pairs.untouched, pairs.changed)
    )
    return tuple(
        Effect(name, unit, untouched[:, k], changed[:, k])
        for k, (name, unit) in enumerate(STATISTICS)
    )


def statistics(text: str) -> tuple[float, ...]:
    """The numbers named in STATISTICS, of a text of at least one character."""
    counts = (
        sum(map(str.isupper, text)),
        text.count(" "),
        text.count("\n"),
        sum(not (c.isalnum() or c.isspace() or c in _QUOTES) for c in text),
        sum(map(str.isdigit, text)),
        sum(c in _QUOTES for c in text),
    )
    lines = [len(line) for line in re.split("\n+", text) if line]
    return *(100 * count / len(text) for count in counts), float(np.mean(lines or [0]))
