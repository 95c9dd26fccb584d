"""What the page on dependences draws, kept from one rerun to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pages.components.networks import Network, NetworkKey, load
from rnnlab.inspection.gradients.connectivity import (
    Occlusion,
    RankAgreement,
    agreement,
    connectivity,
    drawn_others,
    occlusion,
)
from rnnlab.inspection.predictions import Predictions, predictions
from rnnlab.network.reading import state_after
from rnnlab.network.tape import State
from rnnlab.text.excerpt import Excerpt


@dataclass(frozen=True)
class _Task:
    network: Network
    ids: np.ndarray  # (T,) all characters of the excerpt but the last
    targets: np.ndarray  # (T,) all but the first
    state: State  # after what stands before the excerpt


@lru_cache(maxsize=12)
def gradient(key: NetworkKey, part: Excerpt) -> np.ndarray:
    """(T, T), see `connectivity`; raises ValueError as it does."""
    task = _task(key, part)
    return connectivity(task.network.model, task.ids, task.targets, task.state)


@lru_cache(maxsize=12)
def occluded(key: NetworkKey, part: Excerpt) -> Occlusion:
    """What other characters change; raises ValueError as `drawn_others` does."""
    task = _task(key, part)
    others = drawn_others(np.append(task.ids, task.targets[-1:]))[:-1]
    return occlusion(task.network.model, task.ids, task.targets, others, task.state)


@lru_cache(maxsize=12)
def agreed(key: NetworkKey, part: Excerpt) -> RankAgreement:
    """How far the two measures agree."""
    return agreement(gradient(key, part), occluded(key, part).change)


@lru_cache(maxsize=12)
def expected(key: NetworkKey, part: Excerpt) -> Predictions:
    """What the network expected at each character but the first."""
    task = _task(key, part)
    known = task.network
    return predictions(known.model, known.vocabulary, task.ids, task.targets, task.state)


def _task(key: NetworkKey, part: Excerpt) -> _Task:
    network = load(key)
    ids = network.vocabulary.encode(part.text)
    before = network.vocabulary.encode(part.before)
    return _Task(network, ids[:-1], ids[1:], state_after(network.model, before))
