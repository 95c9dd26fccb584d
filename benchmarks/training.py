"""How much of a bare torch loop's speed is left when RNN Lab trains."""

from __future__ import annotations

import statistics
from collections import deque

from benchmarks.lab import bare_updates_per_second, job_manager, train, wait_for_spare
from benchmarks.row import Row
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.training.config import RunConfig

ROUNDS = 4
SECONDS = 20.0
SHORT_ROUNDS = 9  # many short ones by turns, since the speed of small updates drifts
SHORT_SECONDS = 8.0


def overhead() -> Row:
    """Characters a second through the worker, evaluations apart, beside a bare loop.

    The same shapes and number of threads, by turns; the worker writes metrics, snapshots and
    samples, and a client reads them each second.
    """
    config = PRESETS["quick-lstm"].config.replace(corpus="play", budget=SECONDS, threads=2)
    ours, bare, shares = [], [], []
    with job_manager() as jobs:
        for _ in range(ROUNDS):
            speed, share = _speed_and_evaluation_share(jobs, config)
            ours.append(speed)
            shares.append(share)
            updates = bare_updates_per_second(config, 2, SECONDS)
            bare.append(updates * config.batch_size * config.seq_length)
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    return Row(
        "train/overhead",
        statistics.median(ours),
        "characters/s",
        "a bare torch loop with the same shapes",
        statistics.median(bare),
        {"ratio": statistics.median(ratios), "ratios": ratios, "evaluation_shares": shares},
    )


def evaluation_share() -> Row:
    """Share of a minute's training that is spent in evaluations and samples."""
    config = PRESETS["quick-lstm"].config.replace(corpus="play")
    with job_manager() as jobs:
        _, share = _speed_and_evaluation_share(jobs, config)
    return Row("train/evaluation-share", 100 * share, "%", "limit", 10.0)


def batch_1() -> Row:
    """Characters a second of a small network at batch size 1, which chooses its threads itself.

    Beside it the better of one and two threads, fixed; all three by turns, in an order that
    turns too.
    """
    config = PRESETS["one-by-one"].config.replace(budget=SHORT_SECONDS, engine="torch")
    speeds: dict[int, list[float]] = {0: [], 1: [], 2: []}
    order = deque(speeds)
    with job_manager() as jobs:
        for _ in range(SHORT_ROUNDS):
            for threads in order:
                run = config.replace(threads=threads)
                speeds[threads].append(_speed_and_evaluation_share(jobs, run)[0])
            order.rotate()
    medians = {threads: statistics.median(measured) for threads, measured in speeds.items()}
    return Row(
        "train/batch-1",
        medians[0],
        "characters/s",
        "the better of one and two threads",
        max(medians[1], medians[2]),
        {"one_thread": medians[1], "two_threads": medians[2], "rounds": speeds},
    )


def _speed_and_evaluation_share(jobs: JobManager, config: RunConfig) -> tuple[float, float]:
    """Characters a second of training apart from evaluations, and their share of the seconds."""
    wait_for_spare(jobs)
    status = train(jobs, config).status()
    assert status.characters_per_second is not None
    return status.characters_per_second, status.evaluation_seconds / status.seconds
