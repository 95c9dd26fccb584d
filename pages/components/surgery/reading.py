"""What the page Surgery computes, kept from one rerun to the next."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pages.components.networks import Network, NetworkKey, load
from pages.components.pickers.text import source_of
from rnnlab.inspection.interventions.clamping import (
    Cost,
    CostRanking,
    Usual,
    character_losses,
    cost,
    ranking,
    usual_values,
)
from rnnlab.inspection.interventions.edit import Edit, one_edit
from rnnlab.inspection.interventions.paired_samples import PairedSamples, write_pairs
from rnnlab.network.clamps import Change
from rnnlab.runs.run import Run
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.features import classify


@dataclass(frozen=True)
class Writing:
    """How ten pairs of texts are written."""

    prime: str
    length: int
    temperature: float
    seed: int  # of the first pair


def usual(run: Run, key: NetworkKey) -> dict[tuple[str, int], Usual]:
    """Where every state of every layer usually lies, on the run's text.

    Raises:
        ValueError: there is no text, or the values grow beyond all numbers on it.
    """
    source = source_of(run)
    if not source.text:
        raise ValueError(source.note)
    return _usual(key, source.text)


@lru_cache(maxsize=16)
def _usual(key: NetworkKey, text: str) -> dict[tuple[str, int], Usual]:
    network = load(key)
    return usual_values(network.model, network.vocabulary.encode(text), network.item_end)


@lru_cache(maxsize=32)
def pairs(key: NetworkKey, changes: tuple[Change, ...], how: Writing) -> PairedSamples:
    """Ten pairs of texts; raises as `write_pairs` does."""
    network = load(key)
    return write_pairs(
        network.model,
        network.vocabulary,
        how.prime,
        changes,
        seed=how.seed,
        length=how.length,
        temperature=how.temperature,
        item_end=network.item_end,
    )


@dataclass(frozen=True, eq=False)
class CharacterCosts:
    """A text with the change of the loss at each of its predicted characters."""

    text: str  # of N characters
    change: np.ndarray  # (N,) nats; 0 for a first character that nothing came before
    cost: Cost


@lru_cache(maxsize=16)
def costs(key: NetworkKey, part: Excerpt, changes: tuple[Change, ...]) -> CharacterCosts:
    """What changes of units cost on a text; raises as `character_losses` does."""
    before, after = (_losses(key, part, each) for each in ((), changes))
    counted = len(part.text) - len(before)  # 1 where the text begins with its first character
    classes = classify(part.with_before)[-len(before) :]
    change = np.concatenate([np.zeros(counted), after - before])
    return CharacterCosts(part.text, change, cost(before, after, classes))


@lru_cache(maxsize=32)
def _losses(key: NetworkKey, part: Excerpt, changes: tuple[Change, ...]) -> np.ndarray:
    """(N,) losses of the characters of a part, those before it read but not counted."""
    network = load(key)
    ids = network.vocabulary.encode(part.with_before)
    found = character_losses(network.model, ids, clamps=changes, item_end=network.item_end)
    return found[_first(part) :]


def _first(part: Excerpt) -> int:
    """The first prediction that counts: that of the first character, where one came before."""
    return max(len(part.before) - 1, 0)


@dataclass(frozen=True)
class Ranked:
    """Units by what they are worth, and how long it took to find out."""

    rankings: tuple[CostRanking, ...]  # one a layer
    seconds: float


@lru_cache(maxsize=32)
def ranked(
    key: NetworkKey, part: Excerpt, name: str, layers: tuple[int, ...], means: Sequence[bytes]
) -> Ranked:
    """Every unit of some layers held at its mean, one at a time.

    Args:
        means: of each layer, (H,) float64 as bytes, so that they can be a key.
    """
    started = time.perf_counter()
    network = load(key)
    ids = network.vocabulary.encode(part.with_before)
    found = tuple(
        ranking(
            network.model,
            ids,
            name,
            layer,
            np.frombuffer(each),
            skip=len(part.before),
            item_end=network.item_end,
        )
        for layer, each in zip(layers, means, strict=True)
    )
    return Ranked(found, time.perf_counter() - started)


@lru_cache(maxsize=32)
def edited(key: NetworkKey, part: Excerpt, place: int, new: str) -> Edit:
    """A text read as it is and with one character exchanged; raises as `one_edit` does."""
    network: Network = load(key)
    ids = network.vocabulary.encode(part.with_before)
    new_id = int(network.vocabulary.encode(new)[0])
    return one_edit(
        network.model, ids, place, new_id, skip=len(part.before), item_end=network.item_end
    )
