"""A store and a job manager for a benchmark, in a folder that goes away."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rnnlab.folders import PROJECT, data_folder
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.run import Run
from rnnlab.training.config import RunConfig


@contextlib.contextmanager
def job_manager() -> Iterator[JobManager]:
    """A job manager over an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = JobManager(Path(folder), data_folder())
        try:
            yield jobs
        finally:
            jobs.close()


def wait_for_spare(jobs: JobManager) -> None:
    """Until a worker is warm."""
    while not jobs.spare_ready:
        time.sleep(0.02)


def train(jobs: JobManager, config: RunConfig) -> Run:
    """A run through the worker, watched by one client that reads its curve each second.

    Raises:
        RuntimeError: it did not finish.
    """
    run = jobs.store.create(config, name="benchmark")
    jobs.submit(run.id)
    while run.is_active:
        run.metrics()
        run.samples()
        time.sleep(1.0)
    status = run.status()
    if status.state != "finished":
        raise RuntimeError(f"The run {status.state}: {status.error} {status.advice}")
    return run


def bare_updates_per_second(config: RunConfig, threads: int, seconds: float) -> float:
    """Speed of a bare torch loop with the same shapes, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bare_loop", json.dumps(config.to_json())]
    command += [str(data_folder()), str(threads), str(seconds)]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["updates_per_second"]
