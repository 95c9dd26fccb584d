"""The losses of a run epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.runs.measures import measured
from rnnlab.runs.run import Run


@dataclass(frozen=True)
class EpochLosses:
    """Nats per character."""

    training: tuple[float, ...]  # mean over each completed epoch; () when that was not measured
    validation: tuple[float, ...]  # after each epoch; as many, or () without a validation part
    test: float | None  # at the end


def epoch_losses(run: Run) -> EpochLosses:
    """What was measured at the end of each epoch."""
    columns = run.metrics()
    ends = np.isfinite(columns["epoch_loss"])
    training = columns["epoch_loss"][ends].tolist()
    validation = columns["val_loss"][ends].tolist()
    known = bool(np.isfinite(validation).all())
    test = measured(run, "test_loss")
    return EpochLosses(tuple(training), tuple(validation if known else ()), test)
