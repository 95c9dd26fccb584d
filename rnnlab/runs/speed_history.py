"""What runs that were made on this machine say about how fast the next one will be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.training.config import ConfigError, RunConfig, differences
from rnnlab.training.cost_model import Speed, Work, seconds, work
from rnnlab.training.networks import architecture_of
from rnnlab.training.planning import RunPlan

_MIN_SECONDS = 3.0  # seconds; shorter runs were mostly busy with finding their number of threads
_MAX_RUNS_READ = 20  # similar runs, the newest ones
_FARTHEST = 8.0  # times as much work in an update, or as little

# Settings that change how long an update takes in a way that `costs` knows …
_SIZES = frozenset(
    [
        "corpus",
        "batching",
        "stride",
        "embedding_size",
        "hidden_size",
        "num_layers",
        "seq_length",
        "batch_size",
        "dropout",
        "optimizer",
    ]
)
# … and those that do not. Runs that differ in any other setting have little to say.
_HARMLESS = frozenset(
    [
        "max_characters",
        "train_share",
        "validation_share",
        "drop_duplicates",
        "loss",
        "learning_rate",
        "schedule",
        "warmup",
        "weight_decay",
        "clipping",
        "grad_clip",
        "initialization",
        "forget_bias",
        "budget",
        "budget_unit",
        "evaluation",
        "seed",
        "device",
    ]
)


@dataclass(frozen=True)
class SimilarRun:
    """A run that tells how fast another one will be."""

    run: Run
    is_same: bool  # its updates are just such updates; else they are smaller or larger
    factor: float  # how many times as long as estimated its updates took


def similar_run(
    runs: Iterable[Run], config: RunConfig, planned: RunPlan, speed: Speed, device: str
) -> SimilarRun | None:
    """The run that tells most about this one: the newest of the same kind, else the most similar.

    Args:
        runs: the newest first.
        device: on which this one will be: "cpu", "cuda" or "mps".
    """
    local = [run for run in runs if _tells(run, config, device)]
    for run in local:
        if _distance(run.config, config) == 0:
            factor = _factor(run, planned.characters_per_update, planned.work, speed)
            return SimilarRun(run, True, factor)
    return _most_similar(local, config, planned.work, speed)


def _tells(run: Run, config: RunConfig, device: str) -> bool:
    """Whether it was made here, to an end, by the same kind of network on the same device."""
    if _distance(run.config, config) is None or run.read_only or run.was_imported:
        return False
    status, worker = run.status(), run.worker()
    return (
        status.state in ("finished", "stopped")
        and status.seconds >= _MIN_SECONDS
        and (status.characters_per_second or 0.0) > 0
        and status.device.partition(",")[0] == device
        and worker is not None
        and worker.is_here
    )


def _distance(a: RunConfig, b: RunConfig) -> int | None:
    """In how many sizes two configs differ; None when the times of one say nothing of the other."""
    changed = differences(a, b).keys() - _HARMLESS
    if not changed <= _SIZES:
        return None
    if changed and "items" in (a.batching, b.batching):  # as long as what is in each batch
        return None
    return len(changed)


def _most_similar(
    runs: list[Run], config: RunConfig, wanted: Work, speed: Speed
) -> SimilarRun | None:
    expected = seconds(config, wanted, speed)
    found: list[tuple[float, SimilarRun]] = []
    for run in itertools.islice(runs, _MAX_RUNS_READ):
        own = _work(run)
        if own is None:
            continue
        apart = abs(math.log(seconds(run.config, own, speed) / expected))
        if apart <= math.log(_FARTHEST):
            places = float(run.config.batch_size * run.config.seq_length)
            found.append((apart, SimilarRun(run, False, _factor(run, places, own, speed))))
    return min(found, key=lambda each: each[0])[1] if found else None


def _work(run: Run) -> Work | None:
    """What its updates take; None when its files do not say."""
    config = run.config
    try:
        sizes = architecture_of(config, len(run.vocabulary()), len(run.labels()))
    except (RunError, ConfigError, OSError):
        return None
    return work(config, sizes, config.batch_size, config.seq_length)


def _factor(run: Run, characters: float, own: Work, speed: Speed) -> float:
    """Measured over estimated seconds of its updates, each of so many characters."""
    measured = characters / (run.status().characters_per_second or math.inf)
    return measured / seconds(run.config, own, speed)
