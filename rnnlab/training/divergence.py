"""Notices that a run has diverged, and says what to change, in words and as a safer config."""

from __future__ import annotations

import math

from rnnlab.network.cells import CELLS
from rnnlab.training.config import RunConfig, settings
from rnnlab.training.engines.base import Update
from rnnlab.training.planning import MAX_RATES, OPTIMIZER_TITLES, SENSIBLE_RATES

_WORSE_THAN_GUESSING = 3.0  # nats above ln V
_IN_A_ROW = 20  # updates: a single bad batch is no divergence


class Diverged(Exception):  # noqa: N818 - an outcome of a run, not a mistake in the program
    """Training ran away; the message says what was seen and what to change."""


class DivergenceWatch:
    """Looks at each update: NaN or infinity, or a loss that stays far worse than guessing.

    A network that starts that badly (large initial weights) is given its chance: the second rule
    waits until the loss has once been near that of guessing, ln V.
    """

    def __init__(self, config: RunConfig, outputs: int) -> None:
        self._config = config
        self._uniform = math.log(outputs)
        self._was_good = False
        self._bad = 0  # updates in a row

    def problem(
        self, update: Update, learning_rate: float, clipping: str, grad_clip: float
    ) -> Diverged | None:
        """What is wrong with this update, made with these settings; None while all is well."""
        loss = update.loss
        if not (math.isfinite(loss) and math.isfinite(update.grad_norm)):
            what = "loss" if not math.isfinite(loss) else "gradient"
            seen = f"The {what} is no longer a finite number."
        else:
            self._was_good = self._was_good or loss < self._uniform + 0.5
            is_bad = loss > self._uniform + _WORSE_THAN_GUESSING
            self._bad = self._bad + 1 if is_bad else 0
            if not self._was_good or self._bad < _IN_A_ROW:
                return None
            seen = (
                f"The loss stays above {self._uniform + _WORSE_THAN_GUESSING:.1f}, far worse than "
                f"guessing ({self._uniform:.1f})."
            )
        return Diverged(f"{seen} {_advice(self._config, learning_rate, clipping, grad_clip)}")


def _advice(config: RunConfig, learning_rate: float, clipping: str, grad_clip: float) -> str:
    optimizer = config.optimizer
    if learning_rate > MAX_RATES[optimizer]:
        first = (
            f"Learning rate {learning_rate:.3g} is high for {OPTIMIZER_TITLES[optimizer]}: try "
            f"{SENSIBLE_RATES[optimizer]:g}"
        )
    else:
        first = f"Try a learning rate of {learning_rate / 10:.3g} instead of {learning_rate:.3g}"
    parts = [first]
    if clipping != "norm" or grad_clip > 1:
        parts.append("clip the gradients' norm at 1")
    if not CELLS[config.cell].is_bounded():
        parts.append("take the tanh RNN or an LSTM, whose values cannot grow without bound")
    return ", or ".join(parts) + "."


_MILD_NORM = 1.0


def with_safer_settings(config: RunConfig, learning_rate: float | None = None) -> RunConfig:
    """The same run with a lower learning rate, and its gradients clipped by their norm at 1.

    Args:
        learning_rate: that was in force when it diverged; None for the configured one.
    """
    rate = max(config.learning_rate, learning_rate or 0.0)
    lowest = settings()["learning_rate"].minimum or 0.0
    if rate > MAX_RATES[config.optimizer]:
        lower = SENSIBLE_RATES[config.optimizer]
    else:
        lower = max(float(f"{rate / 10:.3g}"), lowest)
    limit = min(config.grad_clip, _MILD_NORM) if config.clipping == "norm" else _MILD_NORM
    return config.replace(learning_rate=lower, clipping="norm", grad_clip=limit)
