"""How long the quick versions of the labs' experiments take."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from benchmarks.lab import job_manager, wait_for_spare
from benchmarks.row import Row
from rnnlab.experiments.catalog import of_lab
from rnnlab.experiments.experiment import LABS
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.training.config import RunConfig

LIMIT = 60.0


def quick_versions(lab: str) -> Row:
    """Seconds of the slowest quick version of a lab, from its start to its last results."""
    seconds = {}
    with job_manager() as jobs:
        for experiment in of_lab(lab):
            seconds[experiment.name] = _seconds(jobs, experiment.quick or experiment.config)
    return Row(f"quick/{lab}", max(seconds.values()), "s", "limit", LIMIT, seconds)


def _seconds(jobs: JobManager, config: RunConfig) -> float:
    """Of a run to its end, which is where its numbers explode for some."""
    wait_for_spare(jobs)
    run = jobs.store.create(config, name="benchmark")
    start = time.perf_counter()
    jobs.submit(run.id)
    while run.is_active:
        time.sleep(0.1)
    return time.perf_counter() - start


QUICK: dict[str, Callable[[], Row]] = {f"quick/{lab}": partial(quick_versions, lab) for lab in LABS}
