"""What to try after a run that diverged."""

from __future__ import annotations

from rnnlab.training.advice import calmer
from rnnlab.training.config import RunConfig


def test_the_learning_rate_falls_to_a_tenth_and_nothing_else_changes() -> None:
    config = RunConfig(learning_rate=0.3, clipping="norm", grad_clip=2.0)
    assert calmer(config) == config.changed(learning_rate=0.03)


def test_gradients_that_were_not_clipped_are() -> None:
    advised = calmer(RunConfig(clipping="none", grad_clip=1e6))
    assert (advised.clipping, advised.grad_clip) == ("norm", 5.0)


def test_the_smallest_learning_rate_stays_possible() -> None:
    assert calmer(RunConfig(learning_rate=1e-7)).learning_rate == 1e-7
