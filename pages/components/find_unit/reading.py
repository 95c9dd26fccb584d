"""What the page Find a unit computes, kept from one rerun to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pages.components.networks import NetworkKey, load
from pages.components.pickers.text import source_of
from rnnlab.inspection.units import probe as probing
from rnnlab.inspection.units.search import (
    Unit,
    UnitRanking,
    UnitStates,
    auc,
    check_label,
    ranked,
    states_of,
)
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.features import FEATURES, Feature, Marks, feature_named, pattern_marks

SHOWN = 20  # units whose AUC is computed


@dataclass(frozen=True)
class Wanted:
    """What a unit is to follow: a feature by name, or else a regular expression."""

    feature: str
    pattern: str = ""  # stands for itself when the feature is none of the named ones

    @property
    def is_named(self) -> bool:
        return any(feature.name == self.feature for feature in FEATURES)

    @property
    def title(self) -> str:
        return self.feature if self.is_named else f"inside a match of {self.pattern}"


@dataclass(frozen=True)
class Measured:
    """Which units are compared, on which text."""

    network: NetworkKey
    text: str
    values: tuple[str, ...]  # "h", and "c" of an LSTM


@dataclass(frozen=True, eq=False)
class Found:
    """A ranking, with what is shown of it."""

    ranking: UnitRanking
    rows: tuple[int, ...]  # the best, the first of them first
    units: tuple[Unit, ...]  # these rows
    auc: tuple[float | None, ...]  # of these rows; None where the feature is a number
    share: float | None  # of the characters at which the feature is true


@lru_cache(maxsize=16)
def marks(text: str, wanted: Wanted) -> Marks:
    """(N,) a feature at every character of a text; raises PatternError."""
    if wanted.is_named:
        return feature_named(wanted.feature).marks(text)
    return pattern_marks(text, wanted.pattern)


@lru_cache(maxsize=2)
def states(measured: Measured) -> UnitStates:
    """The values of all units; ValueError when the text is too short."""
    network = load(measured.network)
    ids = network.vocabulary.encode(measured.text)
    return states_of(network.model, ids, measured.values)


def label_of(measured: Measured, wanted: Wanted) -> Marks:
    """(N,) the feature where the units were read.

    Raises:
        ValueError: a pattern that cannot be used, or a feature that hardly ever changes.
    """
    label = marks(measured.text, wanted)[states(measured).places]
    check_label(label, wanted.title)
    return label


@lru_cache(maxsize=32)
def found(measured: Measured, wanted: Wanted) -> Found:
    """The units ranked by how closely they follow a feature; raises as `label_of`."""
    label, read = label_of(measured, wanted), states(measured)
    ranking = ranked(read.values, label)
    rows = tuple(ranking.order[:SHOWN].tolist())
    is_number = label.dtype != bool
    areas = [None] * len(rows) if is_number else auc(read.values[list(rows)], label).tolist()
    return Found(
        ranking,
        rows,
        tuple(read.units[row] for row in rows),
        tuple(areas),
        None if is_number else float(label.mean()),
    )


@lru_cache(maxsize=32)
def probed(measured: Measured, wanted: Wanted) -> probing.Probe:
    """What linear probes read off all units on the first characters of what was ranked."""
    label, read = label_of(measured, wanted)[: probing.MAX_CHARACTERS], states(measured)
    ids = load(measured.network).vocabulary.encode(measured.text)[read.places][: len(label)]
    best = found(measured, wanted).ranking.best
    return probing.probe(read.values[:, : len(label)], label, ids, best)


@dataclass(frozen=True, eq=False)
class Followed:
    """The features that one unit follows."""

    ranking: UnitRanking
    features: tuple[Feature, ...]  # in the order of the ranking's rows
    auc: tuple[float | None, ...]
    absent: tuple[str, ...]  # why other features were not compared


@lru_cache(maxsize=16)
def followed(network: NetworkKey, text: str, unit: Unit) -> Followed:
    """All features ranked by how closely one unit follows them.

    Raises:
        ValueError: the text is too short, or holds no feature.
    """
    together = load(network).model.cell.states
    values = together if unit.value in together else (unit.value,)
    read = states(Measured(network, text, values))
    row = read.values[read.index(unit)]
    features, labels, absent = [], [], []
    for feature in FEATURES:
        label = feature.marks(text)[read.places]
        try:
            check_label(label, feature.name)
        except ValueError as error:
            absent.append(str(error))
        else:
            features.append(feature)
            labels.append(label)
    if not features:
        raise ValueError("No feature occurs often enough in this text; choose another text.")
    ranking = ranked(np.stack(labels).astype(np.float32), row)
    areas = [None if x.dtype != bool else float(auc(row[None], x)[0]) for x in labels]
    return Followed(ranking, tuple(features), tuple(areas), tuple(absent))


def excerpt_marks(run: Run, part: Excerpt, wanted: Wanted) -> Marks:
    """(T,) a feature at the characters of an excerpt, seen with all that stands around it."""
    end = part.start + len(part.text)
    for unseen in (True, False):
        text = source_of(run, unseen=unseen).text
        if len(text) == part.total and text[part.start : end] == part.text:
            return marks(text, wanted)[part.start : end]
    return marks(part.with_before, wanted)[len(part.before) :]


def auc_note(area: float | None) -> str:
    """What stands at a bar: the AUC, or that a number has none."""
    return "the feature is a number: no AUC" if area is None else f"AUC = {area:.3f}"
