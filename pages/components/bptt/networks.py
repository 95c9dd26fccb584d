"""The networks that gradients are followed through, and what was read of them, kept in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from pages.components import services
from pages.components.networks import Network, NetworkKey, network, precise
from rnnlab.inspection.gradients.backward import in_double
from rnnlab.inspection.gradients.bptt import GradientReading, Itemised, itemised, reading
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.runs.run import Run
from rnnlab.runs.selection import gallery_on_its_text
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.vocabulary import Vocabulary

_SEED = 1  # of fresh networks: the same ones at every visit


@dataclass(frozen=True)
class Fresh:
    """A network that has learned nothing."""

    architecture: Architecture
    scheme: str  # one of SCHEMES


Source = NetworkKey | Fresh


@dataclass(frozen=True)
class Subject:
    """A network under its name."""

    name: str
    source: Source


@dataclass(frozen=True)
class Passage:
    """Characters by their numbers: some to be read first, then T + 1 to go back through."""

    ids: tuple[int, ...]
    skip: int


def passage(part: Excerpt, vocabulary: Vocabulary) -> Passage:
    """A part of a text as a network reads it; raises UnknownCharacterError."""
    ids = vocabulary.encode(part.with_before)
    return Passage(tuple(ids.tolist()), len(part.before))


def fresh(like: CharRNN, cell: str, scheme: str) -> Subject:
    """A fresh network of a cell in the sizes of another network."""
    architecture = replace(like.architecture, cell=cell)
    return Subject(f"{CELLS[cell].title}, fresh", Fresh(architecture, scheme))


def trained(run: Run, found: Network) -> dict[str, Subject]:
    """By cell: the run, and of other cells the networks of the gallery that learned from the same
    text and know the same characters, at their best."""
    subjects = {found.model.architecture.cell: Subject(run.name, found.key)}
    for each, other in _gallery_beside(run, found):
        cell = other.model.architecture.cell
        subjects.setdefault(cell, Subject(each.name, other.key))
    return {cell: subjects[cell] for cell in CELLS if cell in subjects}


def _gallery_beside(run: Run, found: Network) -> Iterator[tuple[Run, Network]]:
    for each in gallery_on_its_text(run, services.store().gallery()):
        if not each.writes_text or each.id == run.id:
            continue
        try:
            other = network(each, "best")
        except (ValueError, OSError):  # its own page says what is wrong with it
            continue
        if other.vocabulary == found.vocabulary:
            yield each, other


@lru_cache(maxsize=12)
def model(source: Source) -> CharRNN:
    """The network in float64."""
    if isinstance(source, NetworkKey):
        return precise(source)
    rng = np.random.default_rng(_SEED)
    params = initial_params(source.architecture, source.scheme, rng)
    return in_double(CharRNN(source.architecture, params))


@lru_cache(maxsize=16)
def read(source: Source, text: Passage) -> GradientReading:
    """A passage that was read; raises as `inspection.bptt.reading` does."""
    return reading(model(source), np.array(text.ids), text.skip)


@lru_cache(maxsize=32)
def matrix(source: Source, text: Passage, layer: int) -> Itemised:
    """Whose loss reaches which step, in a layer counted from the top."""
    return itemised(read(source, text), place_of(source, layer))


def place_of(source: Source, layer: int) -> int:
    """Which layer that is, from 0; the lowest of a network that has fewer."""
    return max(model(source).architecture.num_layers + layer, 0)
