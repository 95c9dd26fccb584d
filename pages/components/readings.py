"""What networks hold while they read a text, kept from one rerun to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pages.components.networks import NetworkKey, load
from pages.components.networks import precise as precise_model
from rnnlab.figures.scales import Scale, scale_for
from rnnlab.inspection.snapshots import through_training
from rnnlab.inspection.units.activations import ActivationSample, sample_activations, sample_length
from rnnlab.inspection.units.ordering import Projection, order_units, state_path
from rnnlab.network.reading import window
from rnnlab.network.tape import Tape, check_values
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import SourceText
from rnnlab.text.excerpt import Excerpt


@dataclass(frozen=True)
class TraceKey:
    """One named value of one layer of one network, while it reads one text."""

    network: NetworkKey
    part: Excerpt
    name: str  # "h", "c" or a gate
    layer: int  # from 0


def trace(key: TraceKey) -> np.ndarray:
    """(T, H) the values.

    Raises:
        DivergedModelError: they are not finite.
    """
    values = tape(key.network, key.part).trace(key.name, key.layer)[0]
    check_values(values)
    return values


@lru_cache(maxsize=8)
def tape(key: NetworkKey, part: Excerpt, precise: bool = False) -> Tape:
    """Everything a network computes while it reads an excerpt, after what stands before it.

    Args:
        precise: in float64, where sums come out to the last digit.
    Raises:
        UnknownCharacterError: the network does not know one of the characters.
    """
    network = load(key)
    model = precise_model(key) if precise else network.model
    ids = network.vocabulary.encode(part.with_before)
    return window(model, ids, len(part.before), len(ids))


@lru_cache(maxsize=64)
def scale(key: TraceKey) -> Scale:
    """What the colors of all units mean."""
    return scale_of(key, trace(key))


def scale_of(key: TraceKey, values: np.ndarray) -> Scale:
    """What colors mean for some of the values: where nothing bounds them, a scale of their own."""
    return scale_for(load(key.network).model.cell.VALUES[key.name], values)


@lru_cache(maxsize=64)
def order(key: TraceKey, by: str) -> np.ndarray:
    """(H,) which unit stands at each place."""
    return order_units(trace(key), by)


@lru_cache(maxsize=32)
def path(key: TraceKey) -> Projection:
    """Where the layer is at each character, in the two directions in which it moves most."""
    return state_path(trace(key))


@lru_cache(maxsize=4)
def corpus_activations(
    key: NetworkKey, source: SourceText, name: str, layer: int
) -> ActivationSample:
    """One value of a layer on pieces from all over a text."""
    network = load(key)
    ids = network.vocabulary.encode(source.text)
    length = sample_length(network.model.architecture.hidden_size, len(ids))
    found = sample_activations(network.model, ids, name, layer, length)
    check_values(found.trace)
    return found


@lru_cache(maxsize=4)
def history(key: TraceKey, steps: tuple[int, ...]) -> np.ndarray:
    """(snapshots, T, H) the same values earlier and later in training."""
    run = RunStore(key.network.root).open(key.network.run_id)
    part = key.part
    ids = load(key.network).vocabulary.encode(part.with_before)
    models = map(run.model, steps)
    return through_training(models, ids, key.name, key.layer, skip=len(part.before))
