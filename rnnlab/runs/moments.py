"""The moments of a run's training at which its weights were stored, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.through_training import spread_steps
from rnnlab.runs.run import Run
from rnnlab.runs.weights import SUFFIX

MOST = 32  # moments that are looked at together


@dataclass(frozen=True, order=True)
class Moment:
    """Weights after so many updates."""

    step: int
    snapshot: str  # as `Run.model` takes it once numbers are turned into int


def moments(run: Run, most: int = MOST) -> list[Moment]:
    """Every stored moment, at most so many of them; of a run at work, those there are so far.

    The best and the last weights come in where no snapshot of the same update exists.
    """
    found = {step: str(step) for step in run.snapshots()}
    if not run.is_active:  # of a run at work these change while they are read
        for step, name in ((run.status().step, "last"), (_best_step(run), "best")):
            if step is not None and (run.folder / "weights" / f"{name}{SUFFIX}").exists():
                found.setdefault(step, name)
    return [Moment(step, found[step]) for step in spread_steps(sorted(found), most)]


def _best_step(run: Run) -> int | None:
    """After which update the validation loss was lowest; None when it was never measured."""
    columns = run.metrics()
    losses = columns["val_loss"]
    if not np.isfinite(losses).any():
        return None
    return int(columns["step"][np.nanargmin(losses)])
