"""A unit worth showing: which feature it follows, how closely, beside chance, and where to look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnnlab.inspection.unit_search import auc, check_label, ranked
from rnnlab.inspection.unit_states import Unit, UnitStates, states_of
from rnnlab.network.models import CharRNN
from rnnlab.text.features import Feature
from rnnlab.text.vocabulary import Vocabulary

VIEW = 300  # characters of the excerpt that a finding opens
_STEP = 50  # characters between two excerpts that are tried
_LEAST, _MOST = 0.1, 0.9  # share of an excerpt in which the feature holds
_DIGITS = 4


@dataclass(frozen=True)
class Finding:
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
    def from_json(cls, data: Any) -> Finding | None:
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
) -> list[Finding]:
    """Look for the unit of each feature, among the states of all layers.

    Args:
        text: one that the network did not learn from, in characters that it knows.
    Raises:
        ValueError: the text is too short, or a feature hardly ever changes in it.
    """
    states = states_of(model, vocabulary.encode(text), model.cell.states)
    return [_finding(states, feature, feature.marks(text)) for feature in features]


def _finding(states: UnitStates, feature: Feature, marks: np.ndarray) -> Finding:
    label = marks[states.places]
    check_label(label, feature.name)
    ranking = ranked(states.values, label)
    best = ranking.best
    row, unit = states.values[best], states.units[best]
    return Finding(
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
        if label.dtype == bool and not _LEAST <= part.mean() <= _MOST:
            continue
        values = row[start : start + VIEW]
        if part.std() > 0 and values.std() > 0:
            agreement = abs(float(np.corrcoef(values, part)[0, 1]))
            if agreement > best:
                best, found = agreement, start
    return found
