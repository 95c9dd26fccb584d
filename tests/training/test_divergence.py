"""A run that runs away is noticed, one that struggles is not; the advice names values."""

from __future__ import annotations

import math

import pytest

from rnnlab.training.config import RunConfig
from rnnlab.training.divergence import Diverged, DivergenceWatch
from rnnlab.training.engines.base import Update

UNIFORM = math.log(65)


def first_problem(losses: list[float], config: RunConfig | None = None) -> tuple[int, Diverged]:
    """After how many updates something was wrong, and what."""
    config = config or RunConfig()
    watch = DivergenceWatch(config, outputs=65)
    settings = (config.learning_rate, config.clipping, config.grad_clip)
    for step, loss in enumerate(losses, start=1):
        problem = watch.problem(Update(loss, 1.0), *settings)
        if problem:
            return step, problem
    raise AssertionError("nothing was wrong")


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_ends_a_run_at_once(loss: float) -> None:
    step, problem = first_problem([4.2, 3.0, loss, 2.0])
    assert step == 3
    assert "The loss is no longer a finite number." in str(problem)


@pytest.mark.parametrize("norm", [math.nan, math.inf])
def test_so_does_a_gradient(norm: float) -> None:
    watch = DivergenceWatch(RunConfig(), outputs=65)
    problem = watch.problem(Update(2.0, norm), 0.002, "norm", 5.0)
    assert "The gradient is no longer a finite number." in str(problem)


def test_a_loss_that_stays_far_above_guessing_ends_a_run() -> None:
    step, problem = first_problem([UNIFORM] + [9.0] * 50)
    assert step == 21
    assert "far worse than guessing (4.2)" in str(problem)


@pytest.mark.parametrize(
    "losses",
    [
        [UNIFORM, *([9.0] * 15 + [4.0]) * 10],  # bad, but it recovers
        [6.5] * 300,  # bad, but not that bad
        [30.0 - step / 20 for step in range(500)],  # large initial weights, getting better
    ],
)
def test_a_network_that_struggles_is_left_alone(losses: list[float]) -> None:
    with pytest.raises(AssertionError, match="nothing was wrong"):
        first_problem(losses)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": 5.0}, "Learning rate 5 is high for Adam: try 0.002, or clip the"),
        ({"learning_rate": 0.02}, "Try a learning rate of 0.002 instead of 0.02"),
        ({"optimizer": "sgd", "learning_rate": 50.0}, "50 is high for SGD: try 0.5"),
        ({"clipping": "none"}, "clip the gradients' norm at 1"),
        ({"cell": "rnn_relu"}, "or take the tanh RNN or an LSTM"),
    ],
)
def test_the_advice_names_values(changes: dict[str, object], words: str) -> None:
    _, problem = first_problem([math.nan], RunConfig().replace(**changes))
    assert words in str(problem)
    assert str(problem).endswith(".")


def test_clipping_is_not_advised_to_who_clips() -> None:
    _, problem = first_problem([math.nan], RunConfig(clipping="norm", grad_clip=0.5))
    assert "clip" not in str(problem)
