"""By example: the units that are on over a span of a text and off around it, and where else.

Source: Strobelt, Gehrmann, Pfister, Rush 2018, LSTMVis, arXiv:1606.07461.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.units.activations import CHUNK, sample_places
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.reading import read
from rnnlab.network.tape import Tape

THRESHOLD = 0.3  # τ, from which on a unit counts as on
CANDIDATES = 1_000  # runs to be ranked, where there are so many
SHOWN = 50
READ = 100_000  # characters that are searched
_VALUES = 26_000_000  # units · characters kept at most


@dataclass(frozen=True, eq=False)
class Activity:
    """One value of units, layer after layer, at places from all over a text."""

    places: np.ndarray  # (N,) in the text, ascending; where one is left out, a new stretch begins
    values: np.ndarray  # (N, U)


@dataclass(frozen=True)
class Match:
    """A stretch of the text over which the number of selected units that are on stays the same."""

    start: int  # in the text
    end: int  # one past its last character
    shared: int  # |A∩S|: selected units that are on all through it
    united: int  # |A∪S|: those and all others that are on all through it


@dataclass(frozen=True)
class Matches:
    """The best matches of a selection."""

    best: tuple[Match, ...]
    candidates: int  # runs that were ranked
    level: int  # the fewest selected units that were on in one of them


def read_activity(
    model: CharRNN, ids: np.ndarray, name: str, layers: tuple[int, ...], length: int = READ
) -> Activity:
    """One value of the units of some layers on pieces from all over a text.

    Args:
        ids: (N,) the whole text, N ≥ 1.
        name, layers: as `Tape.trace` takes them.
        length: about how many characters to read; fewer where the units are very many.
    """
    units = model.architecture.hidden_size * len(layers)
    places, warm_up = sample_places(len(ids), min(length, max(_VALUES // units, 1), len(ids)))
    values = np.empty((*places.shape, units), model.dtype)  # (pieces, warm-up + T, U)
    done = 0
    for tape in read(model, ids[places], chunk=CHUNK):
        steps = tape.ids.shape[1]
        values[:, done : done + steps] = side_by_side(tape, name, layers)
        done += steps
    kept, first = np.unique(places[:, warm_up:], return_index=True)  # pieces may overlap
    return Activity(kept, values[:, warm_up:].reshape(-1, units)[first])


def side_by_side(tape: Tape, name: str, layers: tuple[int, ...]) -> np.ndarray:
    """One value of the units of some layers, layer after layer, (B, T, layers · H)."""
    return np.concatenate([tape.trace(name, layer) for layer in layers], axis=-1)


def switched_on(values: np.ndarray, threshold: float, *, both_signs: bool = False) -> np.ndarray:
    """Which units are on: their value is at least the threshold.

    Args:
        values: (T, U).
        both_signs: a unit also counts where it is as far below 0, as if it were another one.
    Returns:
        (T, U), or (T, 2U) with the negative ones behind.
    """
    high = values >= threshold
    return np.concatenate([high, values <= -threshold], axis=1) if both_signs else high


def selected_units(
    on: np.ndarray, start: int, end: int, *, before: int = 0, after: int = 0
) -> np.ndarray:
    """The units that are on at every step of a span, and off at so many steps around it.

    Args:
        on: (T, U) bool.
        start, end: the span, from its first step to one past its last.
        before, after: l and r, the steps around it at which they must be off; as far as the text
            goes.
    Returns:
        (|S|,) their numbers, ascending.
    Raises:
        ValueError: no such span.
    Source: Strobelt et al. 2018, LSTMVis, arXiv:1606.07461.
    """
    if not 0 <= start < end <= len(on):
        raise ValueError(
            f"A span from {start} to {end} does not lie in a text of {len(on)} characters; mark "
            "its first and its last character."
        )
    around = on[max(start - before, 0) : start].any(axis=0) | on[end : end + after].any(axis=0)
    return np.flatnonzero(on[start:end].all(axis=0) & ~around)


def highest_threshold(
    values: np.ndarray, start: int, end: int, *, both_signs: bool = False
) -> float:
    """The highest threshold at which a unit is on at every step of a span, whatever is around it.

    Args:
        values: (T, U); start, end: the span, as for `selected_units`.
    """
    span = values[start:end]
    least = float(span.min(axis=0).max())
    return max(least, -float(span.max(axis=0).min())) if both_signs else least


def find_matches(
    on: np.ndarray,
    selected: np.ndarray,
    places: np.ndarray,
    *,
    apart_from: tuple[int, int] = (0, 0),
    candidates: int = CANDIDATES,
    shown: int = SHOWN,
) -> Matches:
    """The stretches of a text that are most like a span by its selected units S.

    n_t of them are on at t. Candidates are the maximal runs with n_t = |S|, then also those with
    |S| − 1, |S| − 2 …, down to 1, a whole level at a time, until there are enough. A are the units
    that are on all through a run; the largest |A∩S| comes first, then the smallest |A∪S|, then the
    longest run, then the earlier one.

    Args:
        on: (N, U) bool.
        selected: (|S|,) numbers of units.
        places: (N,) where in the text each row is, ascending; no run goes over a gap.
        apart_from: a stretch of the text, from its start to its end, that no match may touch: the
            span itself.
        candidates: how many are enough.
        shown: how many matches to give at most.
    Source: Strobelt et al. 2018, LSTMVis, arXiv:1606.07461.
    """
    outside = np.flatnonzero((places < apart_from[0]) | (places >= apart_from[1]))
    counts = on[:, selected].sum(axis=1)[outside]  # (N',) n_t
    level = _lowest_level(counts, places[outside], len(selected), candidates)
    if level == 0:
        return Matches((), 0, 0)
    rows = outside[counts >= level]
    first = _begins(places[rows], counts[counts >= level])  # (R,)
    ends = np.append(first[1:], len(rows))
    through = np.logical_and.reduceat(on[rows], first)  # (R, U): A of each run
    shared = through[:, selected].sum(axis=1)
    united = through.sum(axis=1) + len(selected) - shared
    starts, stops = places[rows[first]], places[rows[ends - 1]] + 1
    order = np.lexsort((starts, starts - stops, united, -shared))[:shown]
    columns = (column[order].tolist() for column in (starts, stops, shared, united))
    return Matches(tuple(map(Match, *columns)), len(first), level)


def _begins(places: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(R,) where the runs of neighbouring places with one count begin."""
    is_new = (np.diff(places) != 1) | (np.diff(counts) != 0)
    return np.flatnonzero(np.concatenate([[True], is_new]))


def _lowest_level(counts: np.ndarray, places: np.ndarray, most: int, enough: int) -> int:
    """How few selected units must be on to have enough runs; 0 when none is on anywhere."""
    if not counts.any():
        return 0
    runs = np.bincount(counts[_begins(places, counts)], minlength=most + 1)[1:]  # of 1 … |S| on
    at_least = np.cumsum(runs[::-1])[::-1]  # (|S|,) runs with so many of them on, or more
    reached = np.flatnonzero(at_least >= enough)
    return int(reached[-1] if len(reached) else np.flatnonzero(runs)[0]) + 1


def occurrences(text: str, wanted: str) -> np.ndarray:
    """Where in a text another one begins, (n,) ascending; they may overlap."""
    found = re.finditer(f"(?={re.escape(wanted)})", text)
    return np.array([place.start() for place in found], dtype=np.int64)


def touching(matches: Sequence[Match], starts: np.ndarray, length: int) -> int:
    """How many matches share a character with one of some stretches of one length.

    Args:
        starts: (n,) where these begin, ascending.
    """
    begun = np.searchsorted(starts, [match.end for match in matches])
    over = np.searchsorted(starts, [match.start - length + 1 for match in matches])
    return int((begun > over).sum())
