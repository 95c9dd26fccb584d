"""Small runs to train in tests, and patience with limits."""

from __future__ import annotations

import time
from collections.abc import Callable

from rnnlab.runs.run import Run
from rnnlab.training.config import RunConfig

SMALL = RunConfig(
    corpus="reber",
    max_characters=20_000,
    hidden_size=16,
    batch_size=4,
    seq_length=16,
    budget=100_000,
    budget_unit="steps",
    threads=1,
    engine="numpy",  # a worker is then at work within a second
)


def wait_for(
    condition: Callable[[], object], seconds: float = 30.0, what: str = "", pause: float = 0.01
) -> float:
    """Wait until something is true; how long that took, in seconds."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, f"still not after {seconds} s: {what}"
        time.sleep(pause)
    return time.monotonic() - start


def wait_for_state(run: Run, *states: str, seconds: float = 30.0) -> float:
    """Wait until a run is in one of these states."""
    return wait_for(lambda: run.status().state in states, seconds, f"{states}, but {run.status()}")


def wait_for_steps(run: Run, more: int = 1, seconds: float = 30.0) -> None:
    """Wait until the curve of a run has grown."""
    before = len(run.metrics()["step"])
    wait_for(lambda: len(run.metrics()["step"]) >= before + more, seconds, str(run.status()))
