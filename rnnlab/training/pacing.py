"""When a run ends, when its weights are kept, and when it is evaluated."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from rnnlab.training.config import RunConfig

EVALUATION_SHARE = 0.06  # of the training seconds, at the end of the run
_EARLY = 2.5  # how much more than that it may be before
_FIRST_SHARE = 0.25  # the first evaluation may cost this share of the seconds until then
MAX_EVALUATIONS = 50  # more would not make the curve better
_CLOSEST = 0.5  # seconds between two evaluations


class Stopwatch:
    """Seconds of training: what passes between `start` and `stop`, both of which may repeat."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._before = 0.0
        self._started: float | None = None

    @property
    def seconds(self) -> float:
        """All the time it ran."""
        running = 0.0 if self._started is None else self._clock() - self._started
        return self._before + running

    def start(self) -> None:
        """Run on."""
        if self._started is None:
            self._started = self._clock()

    def stop(self) -> None:
        """Stand still, as while a run is paused."""
        self._before = self.seconds
        self._started = None


class Budget:
    """How long a run lasts: so many updates, or so many seconds."""

    def __init__(self, config: RunConfig, updates_per_epoch: int) -> None:
        self.total_steps: int | None = None  # None: as many as the time allows
        self._amount = config.budget
        if config.budget_unit == "steps":
            self.total_steps = int(config.budget)
        elif config.budget_unit == "epochs":
            self.total_steps = max(1, round(config.budget * updates_per_epoch))

    def progress(self, step: int, seconds: float) -> float:
        """The share that is used up, 0 to 1."""
        if self.total_steps is None:
            return min(1.0, seconds / self._amount)
        return min(1.0, step / self.total_steps)


def is_snapshot_step(step: int) -> bool:
    """Whether the weights after so many updates are kept: 0, 1, 2, 4, 8, then √2 times as many.

    Networks change fast at first and slowly later; this gives as many snapshots to steps 10 to 100
    as to steps 1,000 to 10,000.
    """
    if step < 8:
        return step in (0, 1, 2, 4)
    half_octaves = round(2 * math.log2(step / 8))
    return step == round(8 * 2 ** (half_octaves / 2))


class EvaluationPace:
    """Says when to evaluate: soon, then often at first, and never for too much of the time.

    At progress p, all evaluations together may have cost 6 % of the seconds until then, times
    1/√p, but at most 15 %: so they come dense at first, and the run ends at 6 %.
    """

    def __init__(self, validation_characters: int, start_seconds: float = 0.0) -> None:
        self._characters = validation_characters
        self._spent = EVALUATION_SHARE * start_seconds  # as if spent by the attempt before
        self.seconds = 0.0  # spent in this attempt
        self._cost: float | None = None  # of the latest one
        self._latest = start_seconds

    @property
    def cost(self) -> float | None:
        """Seconds of the latest evaluation; None before the first."""
        return self._cost

    def is_due(self, seconds: float, progress: float, characters_per_second: float) -> bool:
        """Whether the time allows another one now."""
        planned = seconds / max(progress, 1e-9)  # the whole run
        gap = min(self._latest / 4, planned / MAX_EVALUATIONS)
        if seconds - self._latest < max(_CLOSEST, gap):
            return False
        if self._cost is None:
            # Reading takes about a third of learning, per character.
            expected = self._characters / (3 * max(characters_per_second, 1.0))
            return self._spent + expected <= _FIRST_SHARE * seconds
        allowed = EVALUATION_SHARE * seconds * min(_EARLY, max(progress, 1e-9) ** -0.5)
        return self._spent + self._cost <= allowed

    def note(self, seconds: float, cost: float) -> None:
        """An evaluation was made at this time and took so long."""
        self._latest, self._cost = seconds, cost
        self._spent += cost
        self.seconds += cost
