"""Trained networks, kept in memory from one rerun to the next and rebuilt from disk at need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pages.components import services
from rnnlab.api import TrainedNetwork
from rnnlab.inspection.gradients.backward import in_double
from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.tape import check_weights
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class NetworkKey:
    """Which weights: a key for caches of whatever follows from them."""

    root: Path
    run_id: str
    snapshot: str  # a step, "best" or "last"
    version: tuple[int, int]  # moves on when "best" and "last" may have changed


@dataclass(frozen=True)
class Network:
    """A network with its characters."""

    key: NetworkKey
    model: CharRNN
    vocabulary: Vocabulary
    item_end: int | None  # between two items, if it learned single items


def snapshots(run: Run) -> list[str]:
    """What can be chosen of a run: "best", "last", and the steps in between, first to last."""
    return [*map(str, run.snapshots()), "last", "best"]


def network(run: Run, snapshot: str) -> Network:
    """The network of a run at a snapshot.

    Raises:
        RunError: no such snapshot, or its files are damaged.
        DivergedModelError: its weights diverged.
        OSError: its files cannot be read.
    """
    status = run.status()
    version = (0, 0) if snapshot.isdecimal() else (status.attempt, status.step)
    return load(NetworkKey(services.store().root, run.id, snapshot, version))


@lru_cache(maxsize=6)
def load(key: NetworkKey) -> Network:
    """The network that a key stands for; raises as `network` does."""
    snapshot = int(key.snapshot) if key.snapshot.isdecimal() else key.snapshot
    opened = TrainedNetwork(RunStore(key.root).open(key.run_id), snapshot)
    check_weights(opened.model.params)
    return Network(key, opened.model, opened.vocabulary, opened.item_end)


@lru_cache(maxsize=6)
def precise(key: NetworkKey) -> CharRNN:
    """The network in float64, where sums come out to the last digit; raises as `network` does."""
    return in_double(load(key).model)
