"""What state a run is in, judged from what its worker wrote last and whether it still lives.

A worker writes its state about once a second, with the time (the beat), even during one long
update. It cannot write that it was killed: `lost` is inferred here, and `queued` follows from a
lease that no worker has answered yet, as long as the app that made it holds it.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, fields
from typing import Any

from rnnlab.runs.leases import Lease, ProcessName
from rnnlab.runs.metrics import as_number, as_step

AT_WORK = ("starting", "running", "paused")
ACTIVE = ("queued", *AT_WORK)
OVER = ("finished", "stopped", "failed", "interrupted")
RESUMABLE = ("stopped", "failed", "interrupted", "lost")

QUIET = 2.5  # seconds without a beat after which a worker that is gone counts as lost
FROZEN = 30.0  # the same for one that is still there, or on a machine we cannot look into

TURN_NEVER_CAME = "It still waited for its turn when the app was closed."


@dataclass(frozen=True)
class Status:
    """How far a run is; numbers that were not measured yet are None."""

    state: str = "interrupted"  # queued starting running paused finished stopped failed … lost
    attempt: int = 0  # counts from 1
    step: int = 0
    epoch: float = 0.0
    seconds: float = 0.0  # of training, without pauses
    evaluation_seconds: float = 0.0  # of these, spent in evaluations by the latest attempt
    progress: float = 0.0  # share of the budget, 0 to 1
    total_steps: int | None = None  # updates in the whole run, estimated for a budget in seconds
    seconds_left: float | None = None
    train_loss: float | None = None  # nats per character, like all losses
    val_loss: float | None = None
    best_val_loss: float | None = None
    test_loss: float | None = None
    characters_per_second: float | None = None
    parameters: int | None = None
    learning_rate: float | None = None  # as in force now, with changes made while it ran
    clipping: str = ""
    grad_clip: float | None = None
    device: str = ""
    pid: int | None = None
    host: str = ""
    beat: float = 0.0  # seconds since 1970
    error: str = ""
    advice: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it trains, is about to, or waits for its turn."""
        return self.state in ACTIVE


def infer_status(written: Any, lease: Lease) -> Status:
    """The state of a run from its `status.json` (None without one) and its newest lease."""
    status = parse_status(written)
    if lease.number > status.attempt:
        if lease.is_held():
            return _changed(status, state="queued", error="", advice="")
        return _changed(status, state="interrupted", error=TURN_NEVER_CAME, advice="")
    if status.state in AT_WORK and _is_lost(status, written):
        return _changed(
            status,
            state="lost",
            error="The training process ended without a word: it was killed, or the computer was "
            "switched off. What it wrote is still here.",
        )
    return status


def parse_status(written: Any) -> Status:
    """The status in a `status.json`; fields that are missing or of a wrong kind keep defaults."""
    data = written if isinstance(written, dict) else {}
    values = {f.name: _parsed(data.get(f.name), f.default, f.type) for f in fields(Status)}
    if values["state"] not in (*AT_WORK, *OVER):
        values["state"] = "interrupted"
    return Status(**values)


def _parsed(value: Any, default: Any, kind: Any) -> Any:
    if "str" in kind:
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else default
    if "int" in kind:
        step = as_step(value)
        return default if step is None else step
    number = as_number(value)
    return number if math.isfinite(number) else default


def _is_lost(status: Status, written: Any) -> bool:
    silent = abs(time.time() - status.beat)  # a clock set back must not hide a death
    worker = ProcessName.from_json(written)
    if worker is not None and worker.is_here and not worker.is_alive():
        return silent > QUIET
    return silent > FROZEN


def _changed(status: Status, **changes: Any) -> Status:
    values = {f.name: getattr(status, f.name) for f in fields(Status)}
    return Status(**{**values, **changes})
