"""What to try next after a run that diverged."""

from __future__ import annotations

from rnnlab.training.config import RunConfig, settings

_MILD_NORM = 5.0


def calmer(config: RunConfig) -> RunConfig:
    """The same run with a tenth of the learning rate, and its gradients clipped by their norm."""
    lowest = settings()["learning_rate"].minimum or 0.0
    limit = min(config.grad_clip, _MILD_NORM) if config.clipping == "norm" else _MILD_NORM
    return config.changed(
        learning_rate=max(float(f"{config.learning_rate / 10:.3g}"), lowest),
        clipping="norm",
        grad_clip=limit,
    )
