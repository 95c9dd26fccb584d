"""How the learning rate changes over a run."""

from __future__ import annotations

import math

from rnnlab.training.config import RunConfig

FLOOR = 0.01  # where a falling schedule ends, as a share of its start


def schedule_factor(schedule: str, warmup: float, progress: float) -> float:
    """The share of the configured learning rate to use at this progress.

    Args:
        schedule: "constant", "linear", "cosine" or "exponential"; the last three end at `FLOOR`.
        warmup: share of the run in which the factor first rises from 0 to 1 in a line.
        progress: share of the budget that is used up, 0 to 1.
    """
    if progress < warmup:
        return progress / warmup
    falling = min(1.0, (progress - warmup) / (1 - warmup))  # 0 … 1 after the warm-up
    if schedule == "linear":
        return 1 - (1 - FLOOR) * falling
    if schedule == "cosine":
        return FLOOR + (1 - FLOOR) * (1 + math.cos(math.pi * falling)) / 2
    if schedule == "exponential":
        return FLOOR**falling
    return 1.0


def learning_rate(config: RunConfig, progress: float, base: float | None = None) -> float:
    """The learning rate at this progress (0 to 1); `base` replaces the configured one."""
    start = config.learning_rate if base is None else base
    return start * schedule_factor(config.schedule, config.warmup, progress)
