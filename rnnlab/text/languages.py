"""Small languages whose best possible loss is known exactly."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from rnnlab.text.automaton import END, Automaton, Move
from rnnlab.text.corpus import Corpus, joined

CHARACTERS = 200_000  # of a generated corpus, to within its last string
_SEED = 20_240_501  # one seed for ever: the corpus of a run must be found again


class Language(Protocol):
    """A source of strings, each independent of the others."""

    @property
    def name(self) -> str:
        """Such as "embedded-reber"."""
        ...

    @property
    def title(self) -> str:
        """For people."""
        ...

    @property
    def description(self) -> str:
        """What its strings look like, and what it takes to predict them."""
        ...

    @property
    def source(self) -> str:
        """Who described it first."""
        ...

    @property
    def mean_length(self) -> float:
        """Expected characters of a string, its newline included."""
        ...

    @property
    def entropy(self) -> float:
        """Best possible loss in nats per character, newlines included."""
        ...

    def sample(self, rng: np.random.Generator, n: int) -> tuple[str, ...]:
        """n strings, without newlines."""
        ...


@dataclass(frozen=True)
class AutomatonLanguage:
    """A language written by a probabilistic automaton."""

    name: str
    title: str
    description: str
    source: str
    automaton: Automaton

    @property
    def mean_length(self) -> float:
        """Expected characters of a string, its newline included."""
        return self.automaton.mean_length

    @property
    def entropy(self) -> float:
        """Best possible loss in nats per character, newlines included."""
        return self.automaton.entropy

    def sample(self, rng: np.random.Generator, n: int) -> tuple[str, ...]:
        """n strings, without newlines."""
        return tuple(self.automaton.sample(rng) for _ in range(n))


@dataclass(frozen=True)
class DelayedCopy:
    """Random letters, a pause, and the same letters again.

    Only the letters of the first half are news: their entropy, spread over all characters.
    """

    name: str
    title: str
    description: str
    source: str
    letters: str
    length: int  # letters to remember
    delay: int  # dots in between

    @property
    def mean_length(self) -> float:
        """Characters of a string, its newline included."""
        return 2 * self.length + self.delay + 1

    @property
    def entropy(self) -> float:
        """Best possible loss in nats per character, newlines included."""
        return self.length * math.log(len(self.letters)) / self.mean_length

    def sample(self, rng: np.random.Generator, n: int) -> tuple[str, ...]:
        """n strings, without newlines."""
        draws = (rng.random((n, self.length)) * len(self.letters)).astype(int)
        words = ("".join(self.letters[i] for i in row) for row in draws)
        return tuple(f"{word}{'.' * self.delay}{word}" for word in words)


@dataclass(frozen=True)
class RandomStrings:
    """Letters without any rule; every length from the shortest to the longest is equally likely."""

    name: str
    title: str
    description: str
    source: str
    letters: str
    shortest: int
    longest: int

    @property
    def mean_length(self) -> float:
        """Expected characters of a string, its newline included."""
        return (self.shortest + self.longest) / 2 + 1

    @property
    def entropy(self) -> float:
        """Best possible loss in nats per character, newlines included."""
        lengths = math.log(self.longest - self.shortest + 1)  # nats of where it ends
        return (lengths + (self.mean_length - 1) * math.log(len(self.letters))) / self.mean_length

    def sample(self, rng: np.random.Generator, n: int) -> tuple[str, ...]:
        """n strings, without newlines."""
        lengths = rng.integers(self.shortest, self.longest + 1, size=n)
        draws = rng.integers(len(self.letters), size=(n, self.longest))
        rows = zip(draws, lengths, strict=True)
        return tuple("".join(self.letters[i] for i in row[:size]) for row, size in rows)


@lru_cache
def generated_corpus(name: str) -> Corpus:
    """The fixed corpus of a language, about 200,000 characters; KeyError for an unknown name.

    `best_loss` holds as long as strings that occur more than once are kept.
    """
    language = LANGUAGES[name]
    n = round(CHARACTERS / language.mean_length)
    items = language.sample(np.random.default_rng(_SEED), n)
    return Corpus(
        name=name,
        title=language.title,
        text=joined(items),
        items=items,
        source=language.source,
        licence="generated here, free of rights",
        best_loss=language.entropy,
    )


# state: ((symbol, state after it), …), all equally likely; Reber 1967, figure 1
_REBER = {
    0: (("B", 1),),
    1: (("T", 2), ("P", 3)),
    2: (("S", 2), ("X", 4)),
    3: (("T", 3), ("V", 5)),
    4: (("X", 3), ("S", 6)),
    5: (("P", 4), ("V", 6)),
    6: (("E", None),),
}


def _reber() -> Automaton:
    moves: dict[Hashable, tuple[Move, ...]] = {
        state: tuple(
            Move(symbol, "end" if after is None else after, 1 / len(ways)) for symbol, after in ways
        )
        for state, ways in _REBER.items()
    }
    return Automaton(0, {**moves, "end": (Move(END, None, 1.0),)})


def _embedded_reber() -> Automaton:
    """Two copies of the Reber grammar, since the state must remember the first choice."""
    moves: dict[Hashable, tuple[Move, ...]] = {
        "start": (Move("B", "choose", 1.0),),
        "choose": (Move("T", ("T", 0), 0.5), Move("P", ("P", 0), 0.5)),
        "last": (Move("E", "end", 1.0),),
        "end": (Move(END, None, 1.0),),
    }
    for choice in "TP":
        for state, ways in _REBER.items():
            moves[choice, state] = tuple(
                Move(symbol, (choice, "again" if after is None else after), 1 / len(ways))
                for symbol, after in ways
            )
        moves[choice, "again"] = (Move(choice, "last", 1.0),)
    return Automaton("start", moves)


def _brackets(pairs: tuple[str, ...], depth: int, opening: float, going_on: float) -> Automaton:
    """Nested brackets up to a depth; the state is the row of open ones, "" between groups.

    Args:
        opening: probability of opening one more inside of another.
        going_on: probability of another group after a whole one.
    """
    share = 1 / len(pairs)
    moves: dict[Hashable, tuple[Move, ...]] = {
        "start": tuple(Move(pair[0], pair[0], share) for pair in pairs),
        "": (
            *(Move(pair[0], pair[0], going_on * share) for pair in pairs),
            Move(END, None, 1 - going_on),
        ),
    }
    closing = {pair[0]: pair[1] for pair in pairs}
    level = list(closing)
    for size in range(1, depth + 1):
        inner = opening if size < depth else 0.0
        for stack in level:
            close = Move(closing[stack[-1]], stack[:-1], 1 - inner)
            opens = tuple(Move(p[0], stack + p[0], inner * share) for p in pairs) if inner else ()
            moves[stack] = (*opens, close)
        level = [stack + pair[0] for stack in level for pair in pairs]
    return Automaton("start", moves)


LANGUAGES: dict[str, Language] = {
    language.name: language
    for language in (
        AutomatonLanguage(
            "reber",
            "Reber grammar",
            "Strings such as BTSSXXVVE, walked through a small diagram with a coin at each fork. "
            "Needs a memory of one or two characters.",
            "Reber 1967, doi:10.1016/S0022-5371(67)80149-X, with the B and E of later work",
            _reber(),
        ),
        AutomatonLanguage(
            "embedded-reber",
            "Embedded Reber grammar",
            "A Reber string between two equal letters: the second one can only be known by "
            "remembering the first across everything in between.",
            "Hochreiter & Schmidhuber 1997, Long short-term memory, doi:10.1162/neco.1997.9.8.1735",
            _embedded_reber(),
        ),
        AutomatonLanguage(
            "brackets",
            "Nested brackets",
            "Three kinds of brackets, nested up to four deep, such as ([]{()}). Closing the right "
            "one needs a stack.",
            "Chomsky & Schützenberger 1963, The algebraic theory of context-free languages",
            _brackets(("()", "[]", "{}"), depth=4, opening=0.45, going_on=0.5),
        ),
        DelayedCopy(
            "delayed-copy",
            "Delayed copy",
            "Five random letters, ten dots, and the same letters again. Needs to store all five.",
            "after the copy task of Hochreiter & Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735",
            letters="abcdefgh",
            length=5,
            delay=10,
        ),
        RandomStrings(
            "random-strings",
            "Random strings",
            "Four to eight letters out of ten, without any rule. Nothing in them can be predicted, "
            "but they can be written backwards.",
            "after the copying tasks of Sutskever et al. 2014, arXiv:1409.3215",
            letters="abcdefghij",
            shortest=4,
            longest=8,
        ),
    )
}
