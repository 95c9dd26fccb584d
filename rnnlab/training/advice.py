"""What to try next after a run that diverged: what its advice says, as a config."""

from __future__ import annotations

from rnnlab.training.config import RunConfig, settings
from rnnlab.training.estimates import HIGHEST_RATES, SENSIBLE_RATES

_MILD_NORM = 1.0


def calmer(config: RunConfig, learning_rate: float | None = None) -> RunConfig:
    """The same run with a lower learning rate, and its gradients clipped by their norm at 1.

    Args:
        learning_rate: that was in force when it diverged; None for the configured one.
    """
    rate = max(config.learning_rate, learning_rate or 0.0)
    lowest = settings()["learning_rate"].minimum or 0.0
    if rate > HIGHEST_RATES[config.optimizer]:
        lower = SENSIBLE_RATES[config.optimizer]
    else:
        lower = max(float(f"{rate / 10:.3g}"), lowest)
    limit = min(config.grad_clip, _MILD_NORM) if config.clipping == "norm" else _MILD_NORM
    return config.changed(learning_rate=lower, clipping="norm", grad_clip=limit)
