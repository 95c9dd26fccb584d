"""A probabilistic automaton that writes strings, and its exact entropy."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

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
