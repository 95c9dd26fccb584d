"""What the time machine is made of, computed once and kept from one rerun to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from pages.components import services
from rnnlab.inspection.milestones import Examined, examined
from rnnlab.inspection.snapshots import CharacterMap, Seen, character_map, seen, written
from rnnlab.inspection.writing import SamplingSettings
from rnnlab.network.char_rnn import CharRNN, Params
from rnnlab.network.tape import DivergedModelError, check_values, check_weights
from rnnlab.runs.run import Run
from rnnlab.runs.selection import Snapshot, snapshots
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import corpus_of
from rnnlab.text.baselines import NgramLadder
from rnnlab.text.batching import item_end
from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.excerpt import Excerpt
from rnnlab.text.features import short_words, simple_features, words
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.tasks.base import split_of

MEASURED = 5_000  # characters on which surprise and scores are measured
WRITTEN = 800  # characters written at each snapshot; words are counted in all of them
SHOWN = 320  # of these, those that are shown

Found = TypeVar("Found")


@dataclass(frozen=True)
class SnapshotKey:
    """The stored snapshots of a run: a key for caches of whatever follows from them."""

    root: Path
    run_id: str
    snapshots: tuple[Snapshot, ...]
    version: tuple[int, int]  # moves on when "best" and "last" may have changed


@dataclass(frozen=True, eq=False)
class TextCounts:
    """What counting says about the text that a run learned from."""

    words: frozenset[str]
    short: tuple[str, ...]  # the most frequent short words
    pairs: NgramLadder | None  # counted pairs; None where the text is not here


def snapshot_key(run: Run) -> SnapshotKey:
    """The snapshots of a run as they are now."""
    status = run.status()
    version = status.attempt, status.step
    return SnapshotKey(services.store().root, run.id, tuple(snapshots(run)), version)


@lru_cache(maxsize=4)
def readings(key: SnapshotKey, part: Excerpt, name: str, layer: int) -> dict[int, Seen]:
    """The excerpt read at each snapshot, by updates; snapshots that diverged are missing."""
    vocabulary = _run(key).vocabulary()
    before, ids = vocabulary.encode(part.before), vocabulary.encode(part.text)
    return _each(key, lambda model: seen(model, before, ids, name, layer))


@lru_cache(maxsize=4)
def measurements(key: SnapshotKey, text: str, name: str, layer: int) -> dict[int, Examined]:
    """The beginning of a text measured at each snapshot, in the same way."""
    run = _run(key)
    vocabulary = run.vocabulary()
    ids, ends = vocabulary.encode(text), item_end(run.config.batching, vocabulary)
    labels = simple_features(text)

    def measure(model: CharRNN) -> Examined:
        found = examined(model, ids, labels, name, layer, ends)
        check_values(found.bits)
        return found

    return _each(key, measure)


@lru_cache(maxsize=8)
def samples(key: SnapshotKey, sampling: SamplingSettings) -> dict[int, str]:
    """What is written at each snapshot, with the same random numbers, in the same way."""
    run = _run(key)
    vocabulary = run.vocabulary()
    ends = item_end(run.config.batching, vocabulary)
    return _each(key, lambda model: written(model, vocabulary, sampling, ends))


@lru_cache(maxsize=4)
def the_map(key: SnapshotKey, steps: tuple[int, ...]) -> CharacterMap:
    """The characters' vectors at some of the snapshots."""
    found: dict[int, Params] = _each(key, lambda model: model.params)
    return character_map([found[step] for step in steps])


@lru_cache(maxsize=4)
def text_counts(root: Path, run_id: str) -> TextCounts:
    """What is counted in the training part of a run, or in what it wrote itself."""
    run = RunStore(root).open(run_id)
    vocabulary, library = run.vocabulary(), services.library()
    try:
        here = library.is_here(run.config.corpus)
        text = split_of(run.config, corpus_of(run, library)).training.text if here else ""
    except CorpusError:
        text = ""
    counts = Counter(words(text or run.written()))
    return TextCounts(frozenset(counts), short_words(counts), _pairs(vocabulary, text))


def _pairs(vocabulary: Vocabulary, text: str) -> NgramLadder | None:
    return NgramLadder([vocabulary.encode(text)], len(vocabulary), highest=2) if text else None


def _run(key: SnapshotKey) -> Run:
    return RunStore(key.root).open(key.run_id)


def _each(key: SnapshotKey, work: Callable[[CharRNN], Found]) -> dict[int, Found]:
    found: dict[int, Found] = {}
    with np.errstate(over="ignore", invalid="ignore"):  # of what diverges there is nothing to say
        for step, model in _models(key):
            try:
                check_weights(model.params)
                found[step] = work(model)
            except DivergedModelError:
                continue
    return found


def _models(key: SnapshotKey) -> Iterator[tuple[int, CharRNN]]:
    run = _run(key)
    for each in key.snapshots:
        named = each.name
        yield each.step, run.model(int(named) if named.isdecimal() else named)
