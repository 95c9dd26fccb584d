"""Which unit follows a feature of a text, how closely, and whether that could be chance.

The states of all units, read side by side at many places, are correlated with the feature; the
null shifts it in a circle and keeps the largest |r| over all units, which corrects for having
tried many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnnlab.inspection.units.activations import CHUNK, WARM_UP, sample_places
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.reading import read
from rnnlab.network.tape import check_values
from rnnlab.text.features import Feature
from rnnlab.text.vocabulary import Vocabulary

SHIFTS = 200  # of the null
NEAREST = 1_000  # characters a label is shifted by at least
QUANTILE = 0.95
MIN_PLACES = 20  # places where a feature must hold, and where it must not
_BLOCK = 8_192  # characters whose moved labels are in memory at once
_STILL = 1e-6  # a standard deviation below this is rounding


class AbsentFeatureError(ValueError):
    """A feature that holds almost nowhere in a text, or almost everywhere; the message says so."""


@dataclass(frozen=True, eq=False)
class UnitRanking:
    """How well each of some rows follows a label."""

    r: np.ndarray  # (U,) correlation
    null: np.ndarray  # (shifts,) the best |r| of all rows after each shift
    characters: int

    @property
    def order(self) -> np.ndarray:
        """(U,) the rows, the largest |r| first."""
        return np.argsort(-np.abs(self.r), kind="stable")

    @property
    def best(self) -> int:
        """The row with the largest |r|."""
        return int(self.order[0])

    @property
    def by_chance(self) -> float:
        """The |r| that the best row stays below after 95 % of the shifts."""
        return float(np.quantile(self.null, QUANTILE))

    def p_value(self, row: int) -> float:
        """How often chance would do as well: (1 + shifts that do) / (1 + shifts)."""
        return float((1 + (self.null >= abs(self.r[row])).sum()) / (1 + len(self.null)))


def ranked(
    rows: np.ndarray, label: np.ndarray, *, shifts: int = SHIFTS, seed: int = 0
) -> UnitRanking:
    """Correlate every row with a label, and with the label shifted in a circle.

    r_j = corr(row_j, label). The null shifts the label by at least 1,000 characters, 200 times,
    and keeps the largest |r| over all rows each time, which corrects for having tried many.
    A shifted label has the same stretches and rhythm, but no longer belongs to the text.

    Args:
        rows: (U, N) float32, what the units hold.
        label: (N,) bool or numbers.
        seed: of the choice of shifts.
    Raises:
        ValueError: the text is too short for such shifts, or the label hardly ever changes.
    """
    _check(rows, label)
    size = rows.shape[1]
    by = np.random.default_rng(seed).integers(NEAREST, size - NEAREST + 1, shifts)
    found = correlations(rows, label, np.concatenate([[0], by]))  # (U, 1 + shifts)
    return UnitRanking(found[:, 0], np.abs(found[:, 1:]).max(axis=0), size)


def correlations(rows: np.ndarray, label: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """The correlation of rows with the label moved in a circle, (U, S).

    One matrix product a stretch of text: with some hundred shifts it takes half the time of a
    cross-correlation by Fourier transforms, which gives all N of them.

    Args:
        rows: (U, N); label: (N,); shifts: (S,) characters to the right, 0 … N − 1.
    Returns:
        A row that never moves correlates with nothing: 0.
    """
    size = len(label)
    target = label.astype(np.float64) - label.mean()
    twice = np.tile(target / target.std(), 2).astype(np.float32)
    mean = rows.mean(axis=1, dtype=np.float64, keepdims=True).astype(np.float32)
    sums, squares = np.zeros((len(rows), len(shifts))), np.zeros(len(rows))
    for start in range(0, size, _BLOCK):
        stop = min(start + _BLOCK, size)
        moved = np.stack([twice[size - k + start : size - k + stop] for k in shifts], axis=1)
        centred = rows[:, start:stop] - mean  # (U, n)
        sums += centred @ moved
        squares += np.einsum("un,un->u", centred, centred)
    deviation = np.sqrt(squares / size)[:, None]
    alive = deviation > _STILL
    return np.divide(sums, size * deviation, out=np.zeros_like(sums), where=alive)


def auc(rows: np.ndarray, label: np.ndarray) -> np.ndarray:
    """(U,) the chance that a row is higher at a place with the label than at one without.

    From ranks among the other places, equal values counting half (Mann & Whitney 1947). 0.5 says
    nothing, 0 and 1 part the places without a mistake. About 10 ms for 100,000 characters.

    Args:
        rows: (U, N); label: (N,) bool, both kinds present.
    """
    return np.array([_share_below(row[label], np.sort(row[~label])) for row in rows])


def _share_below(values: np.ndarray, others: np.ndarray) -> float:
    """Share of all pairs in which the value is the larger one, equal ones counted half."""
    sides = [np.searchsorted(others, values, side) for side in ("left", "right")]
    return float(np.mean(sides)) / len(others)


def check_label(label: np.ndarray, name: str) -> None:
    """See that a feature changes often enough in a text to be looked for.

    Raises:
        AbsentFeatureError: it holds almost nowhere, or almost everywhere.
    """
    count = int(np.count_nonzero(label != label[0])) if len(label) else 0
    held = int(np.count_nonzero(label)) if label.dtype == bool else None
    if held == 0:
        raise AbsentFeatureError(
            f"“{name}” is true nowhere in these {len(label):,} characters, so no unit can "
            "have learned it from such a text; choose another feature, or a run on another text."
        )
    few = count if held is None else min(held, len(label) - held)
    if few < MIN_PLACES:
        kind = "true" if held is None or held <= len(label) // 2 else "not true"
        raise AbsentFeatureError(
            f"“{name}” is {kind} at only {few} of these {len(label):,} characters; at least "
            f"{MIN_PLACES} are needed to compare units; choose a longer text or another feature."
        )


def _check(rows: np.ndarray, label: np.ndarray) -> None:
    size = rows.shape[1]
    if label.shape != (size,):
        raise ValueError(f"{size:,} characters need as many labels, not {label.shape}.")
    if size <= 2 * NEAREST:
        raise ValueError(
            f"The text has {size:,} characters, but shifting a label by at least {NEAREST:,} "
            f"needs more than {2 * NEAREST:,}; choose a longer one."
        )


MAX_CHARACTERS = 100_000  # characters
MIN_CHARACTERS = 4_000  # characters: of fewer, too few shifts are far enough apart
_PIECES = 64  # read side by side
_VALUES = 55_000_000  # units · characters kept at once: 220 MB


@dataclass(frozen=True)
class Unit:
    """One number of a network that changes with every character."""

    value: str  # "h", or "c" of an LSTM
    layer: int  # from 0
    number: int

    @property
    def title(self) -> str:
        """'h of unit 17, layer 1': layers are counted from 1 where people read them."""
        return f"{self.value} of unit {self.number}, layer {self.layer + 1}"


@dataclass(frozen=True, eq=False)
class UnitStates:
    """Values of units at places of a text, which follow each other in the text's order."""

    units: tuple[Unit, ...]
    values: np.ndarray  # (U, N) float32
    places: np.ndarray  # (N,) in the text

    def index(self, unit: Unit) -> int:
        """The row of a unit.

        Raises:
            ValueError: the network has no such unit.
        """
        try:
            return self.units.index(unit)
        except ValueError:
            raise ValueError(f"This network has no {unit.title}.") from None


def states_of(
    model: CharRNN, ids: np.ndarray, values: Sequence[str], most: int = MAX_CHARACTERS
) -> UnitStates:
    """Read a text, or evenly spread pieces of a long one, and keep what carries its memory.

    Up to 128 pieces are read side by side, each after the 100 characters before it.

    Args:
        ids: (N,) the text.
        values: "h", and "c" of an LSTM; of all layers.
        most: characters; fewer are read of a network with very many units.
    Raises:
        ValueError: the text is too short, or a value is no number.
    """
    if len(ids) < MIN_CHARACTERS:
        raise ValueError(
            f"The text has {len(ids):,} characters that this network knows, but comparing units "
            f"with chance needs {MIN_CHARACTERS:,}; choose a longer one."
        )
    sizes = model.architecture
    rows = [(value, layer) for layer in range(sizes.num_layers) for value in values]
    units = tuple(Unit(*row, number) for row in rows for number in range(sizes.hidden_size))
    length = max(min(most, len(ids) - WARM_UP, _VALUES // len(units)), MIN_CHARACTERS - WARM_UP)
    places, warm_up = sample_places(len(ids), length, _PIECES)
    kept = _read(model, ids[places], rows, warm_up)  # (rows, H, pieces, T)
    kept = kept.reshape(len(units), -1)
    check_values(kept)
    return UnitStates(units, kept, places[:, warm_up:].reshape(-1))


def _read(
    model: CharRNN, ids: np.ndarray, rows: Sequence[tuple[str, int]], warm_up: int
) -> np.ndarray:
    pieces, steps = ids.shape
    shape = (len(rows), model.architecture.hidden_size, pieces, steps - warm_up)
    kept = np.empty(shape, np.float32)
    begin = -warm_up  # of the tape, counted from the first character that is kept
    for tape in read(model, ids, chunk=CHUNK):
        skipped, end = max(-begin, 0), begin + tape.ids.shape[1]
        if end > 0:
            for row, (value, layer) in enumerate(rows):
                trace = tape.layers[layer][value][skipped:]  # (t, pieces, H)
                kept[row, :, :, begin + skipped : end] = trace.transpose(2, 1, 0)
        begin = end
    return kept


VIEW = 300  # characters of the excerpt that a finding opens
_STEP = 50  # characters between two excerpts that are tried
_MIN_SHARE, _MAX_SHARE = 0.1, 0.9  # share of an excerpt in which the feature holds
_DIGITS = 4


@dataclass(frozen=True)
class UnitFinding:
    """The unit that follows a feature best. It holds numbers and names, no text."""

    feature: str  # name of the feature
    value: str  # "h", or "c" of an LSTM
    layer: int  # from 0
    unit: int
    r: float  # correlation
    by_chance: float  # |r| that the best of all units stays below in 95 % of the shifts
    auc: float | None  # None for a feature that is a number
    characters: int  # it was measured on
    position: int  # in the text, of an excerpt that shows it well

    @property
    def what(self) -> Unit:
        """The unit, named."""
        return Unit(self.value, self.layer, self.unit)

    @property
    def is_above_chance(self) -> bool:
        return abs(self.r) > self.by_chance

    def to_json(self) -> dict[str, Any]:
        """Plain data, four decimals of each number."""
        rounded = {
            key: round(value, _DIGITS) if isinstance(value, float) else value
            for key, value in asdict(self).items()
        }
        return rounded

    @classmethod
    def from_json(cls, data: Any) -> UnitFinding | None:
        """What `to_json` wrote; None for anything else."""
        if not isinstance(data, dict) or set(data) != set(cls.__dataclass_fields__):
            return None
        words = all(isinstance(data[key], str) for key in ("feature", "value"))
        counts = ("layer", "unit", "characters", "position")
        whole = all(isinstance(data[key], int) and data[key] >= 0 for key in counts)
        numbers = [data["r"], data["by_chance"], 0.0 if data["auc"] is None else data["auc"]]
        real = all(isinstance(x, (int, float)) and math.isfinite(x) for x in numbers)
        return cls(**data) if words and whole and real else None


def findings_of(
    model: CharRNN, vocabulary: Vocabulary, text: str, features: Sequence[Feature]
) -> list[UnitFinding]:
    """Look for the unit of each feature, among the states of all layers.

    Args:
        text: one that the network did not learn from, in characters that it knows.
    Raises:
        ValueError: the text is too short, or a feature hardly ever changes in it.
    """
    states = states_of(model, vocabulary.encode(text), model.cell.states)
    return [_finding(states, feature, feature.marks(text)) for feature in features]


def _finding(states: UnitStates, feature: Feature, marks: np.ndarray) -> UnitFinding:
    label = marks[states.places]
    check_label(label, feature.name)
    ranking = ranked(states.values, label)
    best = ranking.best
    row, unit = states.values[best], states.units[best]
    return UnitFinding(
        feature=feature.name,
        value=unit.value,
        layer=unit.layer,
        unit=unit.number,
        r=float(ranking.r[best]),
        by_chance=ranking.by_chance,
        auc=None if feature.is_number else float(auc(row[None], label)[0]),
        characters=len(label),
        position=int(states.places[_clearest(row, label)]),
    )


def _clearest(row: np.ndarray, label: np.ndarray) -> int:
    """Where the excerpt begins in which the unit follows the feature most closely."""
    best, found = -1.0, 0
    for start in range(0, len(label) - VIEW, _STEP):
        part = label[start : start + VIEW].astype(np.float64)
        if label.dtype == bool and not _MIN_SHARE <= part.mean() <= _MAX_SHARE:
            continue
        values = row[start : start + VIEW]
        if part.std() > 0 and values.std() > 0:
            agreement = abs(float(np.corrcoef(values, part)[0, 1]))
            if agreement > best:
                best, found = agreement, start
    return found
