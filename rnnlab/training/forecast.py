"""How far a run comes in its time, or how long it takes, on a machine of known speed."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.training.config import RunConfig
from rnnlab.training.costs import Speed, seconds
from rnnlab.training.estimates import Outlook
from rnnlab.training.pacing import EVALUATION_SHARE, MOST_EVALUATIONS

_READING = 1 / 3  # of the time of learning the same characters
_SAMPLE = 0.02  # seconds to write one


@dataclass(frozen=True)
class Forecast:
    """How much a run will do."""

    updates: int
    epochs: float
    seconds: float  # of training, evaluations included


def forecast(
    config: RunConfig, outlook: Outlook, speed: Speed | None = None, factor: float = 1.0
) -> Forecast:
    """How much a run will do in its time.

    Args:
        speed: of the machine; that of the core of `COSTS` when None.
        factor: how much longer an update of such a run takes than estimated, where that is known.
    """
    per_update = factor * seconds(config, outlook.work, speed or Speed())
    if config.budget_unit == "seconds":
        updates = max(1, round(_updates_in(config.budget, config, outlook, per_update)))
        total = config.budget
    else:
        per_unit = outlook.updates_per_epoch if config.budget_unit == "epochs" else 1
        updates = max(1, round(config.budget * per_unit))
        total = _seconds_for(updates, config, outlook, per_update)
    return Forecast(updates, updates / outlook.updates_per_epoch, total)


def _updates_in(total: float, config: RunConfig, outlook: Outlook, per_update: float) -> float:
    cost = _evaluation(outlook, per_update)
    between = _updates_between(config, outlook)
    if between:
        return total / (per_update + cost / between)
    return max(total - MOST_EVALUATIONS * cost, (1 - EVALUATION_SHARE) * total) / per_update


def _seconds_for(updates: int, config: RunConfig, outlook: Outlook, per_update: float) -> float:
    cost, learning = _evaluation(outlook, per_update), updates * per_update
    between = _updates_between(config, outlook)
    if between:
        return learning + cost * updates / between
    return min(learning + MOST_EVALUATIONS * cost, learning / (1 - EVALUATION_SHARE))


def _evaluation(outlook: Outlook, per_update: float) -> float:
    """Seconds of one evaluation and its sample."""
    share = outlook.validation_characters / outlook.characters_per_update
    return _READING * share * per_update + _SAMPLE


def _updates_between(config: RunConfig, outlook: Outlook) -> int:
    """How many updates lie between two evaluations; 0 where time decides."""
    return {"each-epoch": outlook.updates_per_epoch, "each-1000": 1000}.get(config.evaluation, 0)
