"""What to try after a run that diverged."""

from __future__ import annotations

from rnnlab.training.config import RunConfig
from rnnlab.training.divergence import with_safer_settings


def test_a_rate_far_too_high_becomes_a_sensible_one() -> None:
    config = RunConfig(optimizer="adam", learning_rate=1.0, grad_clip=0.5)
    assert with_safer_settings(config) == config.replace(learning_rate=0.002)


def test_an_ordinary_rate_falls_to_a_tenth() -> None:
    assert with_safer_settings(RunConfig(learning_rate=0.02)).learning_rate == 0.002


def test_the_rate_that_was_in_force_counts() -> None:
    assert (
        with_safer_settings(RunConfig(learning_rate=0.001), learning_rate=50.0).learning_rate
        == 0.002
    )


def test_gradients_that_were_not_clipped_are() -> None:
    advised = with_safer_settings(RunConfig(clipping="none", grad_clip=1e6))
    assert (advised.clipping, advised.grad_clip) == ("norm", 1.0)


def test_the_smallest_learning_rate_stays_possible() -> None:
    assert with_safer_settings(RunConfig(learning_rate=1e-7)).learning_rate == 1e-7
