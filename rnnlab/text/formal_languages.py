"""Small generated languages whose best possible loss is known exactly, with their rules in words.

Most are written by a probabilistic automaton. The moves of one state differ in their symbols, so
whoever knows the rules knows the state, and the entropy of the moves is all that is left to
predict.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np

from rnnlab.text.corpora.corpus import Corpus, joined

END = "\n"  # the symbol that ends a string


@dataclass(frozen=True)
class Move:
    """One way on from a state: the symbol written, the state after it, how likely it is."""

    symbol: str
    state: Hashable  # None after END
    probability: float


@dataclass(frozen=True)
class Automaton:
    """Writes one symbol at each state until it writes END.

    The moves of a state differ in their symbols, so a reader who knows the rules always knows
    the state: the entropy of the moves is then all that cannot be predicted.

    Raises:
        ValueError: two moves of a state share a symbol, or probabilities do not sum to 1.
    """

    start: Hashable
    moves: Mapping[Hashable, tuple[Move, ...]]

    def __post_init__(self) -> None:
        for state, moves in self.moves.items():
            if len({move.symbol for move in moves}) < len(moves):
                raise ValueError(f"Two moves of state {state!r} write the same symbol.")
            if not math.isclose(sum(move.probability for move in moves), 1.0):
                raise ValueError(f"The probabilities at state {state!r} do not sum to 1.")

    @cached_property
    def mean_length(self) -> float:
        """Expected symbols in a string, END included."""
        return float(self._visits.sum())

    @cached_property
    def entropy(self) -> float:
        """Nats per symbol, END included, of an endless row of strings: the best possible loss.

        Expected surprise of one string over its expected length, since each string starts afresh
        (Cover and Thomas 2006, section 4.3).
        """
        surprise = [
            sum(-m.probability * math.log(m.probability) for m in moves)
            for moves in self.moves.values()
        ]  # one for each state, nats
        return float(self._visits @ np.array(surprise) / self._visits.sum())

    def sample(self, rng: np.random.Generator) -> str:
        """One string, without its END."""
        written: list[str] = []
        state = self.start
        while True:
            move = _drawn(self.moves[state], rng.random())
            if move.symbol == END:
                return "".join(written)
            written.append(move.symbol)
            state = move.state

    @cached_property
    def _visits(self) -> np.ndarray:
        """Expected visits to each state while one string is written, (states,).

        They solve v = start + Qᵀ v, where Q holds the probabilities between states.
        """
        place = {state: i for i, state in enumerate(self.moves)}
        q = np.zeros((len(place), len(place)))
        for state, moves in self.moves.items():
            for move in moves:
                if move.symbol != END:
                    q[place[state], place[move.state]] += move.probability
        start = np.zeros(len(place))
        start[place[self.start]] = 1.0
        return np.linalg.solve(np.eye(len(place)) - q.T, start)


def _drawn(moves: tuple[Move, ...], u: float) -> Move:
    for move in moves[:-1]:
        u -= move.probability
        if u < 0:
            return move
    return moves[-1]


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


@dataclass(frozen=True)
class Grammar:
    """How a generated language is written, for a reader who wants to predict it."""

    rules: tuple[str, ...]  # in order, one sentence each
    unpredictable: str  # where the best possible loss comes from


_COINS = (
    "Only the coins are news: everything else is known to whoever knows the place in the diagram."
)

GRAMMARS: dict[str, Grammar] = {
    "reber": Grammar(
        rules=(
            "Every string begins with B.",
            "A coin then chooses between T (the upper way) and P (the lower way).",
            "On the upper way, any number of S follows, a coin deciding each time, and then an X.",
            "On the lower way, any number of T follows, a coin deciding each time, and then a V.",
            "After that X, a coin chooses between S, which leads to the end, and another X, which "
            "leads back to the loop of the lower way.",
            "After that V, a coin chooses between V, which leads to the end, and P, which leads "
            "back to the choice between X and S.",
            "Every string ends with E and a newline.",
        ),
        unpredictable=_COINS,
    ),
    "embedded-reber": Grammar(
        rules=(
            "Every string begins with B.",
            "A coin then chooses between T and P: this letter must be remembered.",
            "A whole string of the Reber grammar follows, from its own B to its own E.",
            "Then comes the same letter, T or P, that was chosen at the beginning.",
            "Every string ends with E and a newline.",
        ),
        unpredictable=f"{_COINS} The last letter but one is not news to whoever remembers the "
        "second one.",
    ),
    "brackets": Grammar(
        rules=(
            "A string is made of groups, and a group begins with one of (, [ and {, all equally "
            "likely.",
            "Inside of a bracket, another group begins with probability 0.45, and otherwise the "
            "bracket is closed by the sign that fits it.",
            "Nothing is nested deeper than four: there a bracket is always closed at once.",
            "When all brackets are closed, another group follows with probability 0.5, and "
            "otherwise a newline ends the string.",
        ),
        unpredictable="News is whether a bracket opens or closes and which one opens; which sign "
        "closes it is known to whoever remembers all that are open.",
    ),
    "delayed-copy": Grammar(
        rules=(
            "A string begins with five letters, each drawn from a to h, all equally likely.",
            "Ten dots follow.",
            "Then come the same five letters in the same order, and a newline.",
        ),
        unpredictable="Only the first five letters are news; the dots, the copy and the newline "
        "are known to whoever stored them.",
    ),
    "random-strings": Grammar(
        rules=(
            "A string has four to eight letters; the five lengths are equally likely.",
            "Each letter is drawn from a to j, all equally likely, and a newline ends the string.",
        ),
        unpredictable="Everything is news: the letters, and where a string ends.",
    ),
}
