"""A text that a network wrote, with the values behind each character, and its word overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.sampling import Choice, Trace, sample
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.vocabulary import Vocabulary

MAX_WRITTEN_CHARACTERS = 2000  # characters written in one go with all values kept


@dataclass(frozen=True)
class SamplingSettings:
    """How to write: equal settings and networks give equal texts."""

    prime: str  # what is read first; empty stands for `Vocabulary.opening()`
    length: int = 400  # characters
    temperature: float = 0.8
    top_k: int = 0  # 0: all
    top_p: float = 1.0
    greedy: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Written:
    """T characters, and what the network held and expected at each of them."""

    prime: str
    text: str  # T characters, without the prime
    ids: np.ndarray  # (T,)
    probabilities: np.ndarray  # (T, V) float32, from which each was drawn
    traces: Trace  # (T, H) float32 by (name, layer), after the character was read
    problem: str = ""  # why it is shorter than asked for

    def chosen(self) -> np.ndarray:
        """(T,) the probability that each character had."""
        return self.at(self.ids[:, None])[:, 0]

    def at(self, ids: np.ndarray) -> np.ndarray:
        """The probabilities of some characters at each place, (T, C) for ids (T, C)."""
        return np.take_along_axis(self.probabilities, ids, axis=1)


def write(
    model: CharRNN, vocabulary: Vocabulary, sampling: SamplingSettings, item_end: int | None = None
) -> Written:
    """Let a network write, at most 2,000 characters, and keep every value of every layer.

    Args:
        item_end: see `sample`.
    Raises:
        ValueError: as `write_choices`.
    """
    record = tuple(model.cell.VALUES)
    taken, problem = write_choices(model, vocabulary, sampling, item_end, record)
    ids = np.array([choice.id for choice in taken])
    return Written(
        prime=sampling.prime or vocabulary.opening(),
        text=vocabulary.decode(ids),
        ids=ids,
        probabilities=np.stack([choice.probabilities for choice in taken]).astype(np.float32),
        traces={key: np.stack([c.trace[key] for c in taken]) for key in taken[0].trace},
        problem=problem,
    )


def write_choices(
    model: CharRNN,
    vocabulary: Vocabulary,
    sampling: SamplingSettings,
    item_end: int | None = None,
    record: Sequence[str] = (),
) -> tuple[list[Choice], str]:
    """Every character that a network writes, or those before it broke down, and why it did.

    Args:
        item_end, record: see `sample`.
    Raises:
        ValueError: an impossible setting, unknown characters, or a network that diverged before
            it wrote anything.
    """
    choices = sample(
        model,
        vocabulary.encode(sampling.prime or vocabulary.opening()),
        temperature=sampling.temperature,
        top_k=sampling.top_k,
        top_p=sampling.top_p,
        greedy=sampling.greedy,
        rng=np.random.default_rng(sampling.seed),
        record=record,
        item_end=item_end,
    )
    taken: list[Choice] = []
    try:  # what came before an error stays in the list
        taken.extend(islice(choices, checked_length(sampling.length)))
    except DivergedModelError as error:
        if not taken:
            raise
        return taken, str(error)
    return taken, ""


def checked_length(length: int) -> int:
    """The length if it can be written; else ValueError with a sentence."""
    if not 1 <= length <= MAX_WRITTEN_CHARACTERS:
        raise ValueError(
            f"A text of {length:,} characters cannot be written here; choose 1 to "
            f"{MAX_WRITTEN_CHARACTERS:,}."
        )
    return length


def first_difference(a: Sequence[str], b: Sequence[str]) -> int | None:
    """The first position at which two texts differ; None when they are equal.

    Where one is the beginning of the other, they differ where it ends.
    """
    for position, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return position
    return None if len(a) == len(b) else min(len(a), len(b))


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MIN_WORD_LETTERS = 4  # letters: shorter ones are hit by chance


def words(text: str) -> frozenset[str]:
    """The distinct words of a text, without regard to capitals."""
    return frozenset(word.lower() for word in _WORD.findall(text))


def known_share(sample: str, known: frozenset[str]) -> float:
    """Share of a sample's words of at least four letters that are known; 0 without any.

    The first and the last word may be cut off, so they do not count.
    """
    long = [word for word in _WORD.findall(sample)[1:-1] if len(word) >= _MIN_WORD_LETTERS]
    return sum(word.lower() in known for word in long) / len(long) if long else 0.0


def word_overlap(samples: Sequence[str], book: str) -> tuple[int, float]:
    """Which sample has the largest share of words that stand in the book, and that share; of
    equals the latest.

    Raises:
        ValueError: there is no sample.
    """
    if not samples:
        raise ValueError("There is no sample to choose from.")
    known = words(book)
    shares = [known_share(sample, known) for sample in samples]
    best = max(range(len(shares)), key=lambda k: (shares[k], k))
    return best, shares[best]
