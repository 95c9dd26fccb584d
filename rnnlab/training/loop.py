"""The training loop, a generator of updates and measurements, and the learning rate's schedule."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rnnlab.text.batching import Batch
from rnnlab.text.split import Part
from rnnlab.training.config import RunConfig
from rnnlab.training.divergence import Diverged, DivergenceWatch
from rnnlab.training.engines.base import Engine, Update
from rnnlab.training.evaluation import Evaluation
from rnnlab.training.pacing import Budget, EvaluationPace, Stopwatch, is_snapshot_step
from rnnlab.training.tasks.base import Task, TaskSample

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


_EVERY = 0.1  # seconds between two measurements, at least
_PROMPT_STOP = 1.0  # seconds that an evaluation may cost after somebody asked to stop


@dataclass
class Controls:
    """What may change while a run goes on; `train` looks at it before each update.

    None means as configured. A learning rate replaces the configured one, and the schedule goes on
    from there: its factor applies to the new one.
    """

    learning_rate: float | None = None
    clipping: str | None = None
    grad_clip: float | None = None
    stop: bool = False  # come to an end now
    single: bool = False  # measure after each update


@dataclass(frozen=True)
class Measurement:
    """How a run stands after `step` updates. Losses are nats per character."""

    step: int
    epoch: float  # how many times it went through the training text
    seconds: float  # of training, without pauses
    progress: float  # share of the budget that is used up
    total_steps: int | None  # of the whole run; None when the budget is a time
    train_loss: float | None  # mean over the updates since the measurement before
    grad_norm: float | None  # the same, before clipping
    learning_rate: float  # of the latest update
    characters_per_second: float | None  # learned since the one before; in the last one, since the
    # start of this attempt; evaluations do not count
    evaluation_seconds: float  # spent in evaluations and samples since the start of this attempt
    epoch_loss: float | None = None  # mean over all updates of the epoch that ends here; measured
    # when the config asks for an evaluation after each epoch, and this attempt saw all of it
    val_loss: float | None = None  # None where it was not measured
    val_accuracy: float | None = None  # share of the predictions that were right, 0 to 1
    test_loss: float | None = None  # at the end, where there is a test part
    test_accuracy: float | None = None
    sample: TaskSample | None = None
    snapshot: bool = False  # the weights should be kept
    diverged: bool = False  # the last one before `Diverged`: the weights are of no use any more
    finished: bool = False  # the last one


def train(
    task: Task,
    engine: Engine,
    config: RunConfig,
    controls: Controls,
    stopwatch: Stopwatch,
    start_step: int = 0,
    start_seconds: float = 0.0,
) -> Iterator[Measurement]:
    """Train until the budget is used up, or until `controls.stop`.

    Measures before the first update, after the first one, after each one while
    `controls.single`, whenever weights should be kept, and otherwise at most ten times a second.
    Validation loss and a sample come with some measurements, for about 6 % of the time, or after
    each epoch, if the config says so; the last one has them too, and the test loss. A budget in
    seconds counts everything but pauses and the last evaluation.

    Args:
        engine: fresh from `first_params(task)`, or with a loaded state to go on from.
        stopwatch: started here; stop it while paused.
        start_step: updates the engine has behind it.
        start_seconds: training seconds it has behind it.
    Raises:
        Diverged: after a last measurement that shows it.
    """
    stopwatch.start()
    course = _LoopState(task, engine, config, controls, stopwatch, start_step, start_seconds)
    if start_step == 0:
        yield course.beginning()
    while not (controls.stop or course.is_over):
        course.update()
        if course.problem:
            yield replace(course.reading(), diverged=True)
            raise course.problem
        if not course.is_over and course.is_due():
            yield course.measurement()
    yield course.end()


class _LoopState:
    """Where a run stands."""

    def __init__(
        self,
        task: Task,
        engine: Engine,
        config: RunConfig,
        controls: Controls,
        stopwatch: Stopwatch,
        start_step: int,
        start_seconds: float,
    ) -> None:
        self._task, self._engine, self._config = task, engine, config
        self._controls, self._stopwatch = controls, stopwatch
        self._start_step, self._start_seconds = start_step, start_seconds
        self._step, self._seconds = start_step, start_seconds + stopwatch.seconds
        self._budget = Budget(config, task.batcher.updates_per_epoch)
        self._progress = self._budget.progress(self._step, self._seconds)
        self._pace = EvaluationPace(len(task.split.validation.text), start_seconds)
        self._watch = DivergenceWatch(config, task.architecture.outputs)
        self._rate = self._rate_now()
        self._tally = _RunningMean(self._seconds)
        self._epoch = _Epoch(task.batcher.updates_per_epoch)
        self._each_epoch = config.evaluation == "each-epoch"
        self._each_1000 = config.evaluation == "each-1000"
        self._characters, self._learning = 0, 0.0  # since the start, and the seconds for them
        self._latest: Measurement | None = None
        self.problem: Diverged | None = None

    @property
    def is_over(self) -> bool:
        return self._progress >= 1

    def beginning(self) -> Measurement:
        """The untrained network: its loss on the first batch, which is near ln V."""
        loss = self._engine.evaluate([self._task.batcher.batch(0)]).loss
        return replace(self.reading(), train_loss=loss, snapshot=True)

    def update(self) -> None:
        controls, config = self._controls, self._config
        clipping = config.clipping if controls.clipping is None else controls.clipping
        limit = config.grad_clip if controls.grad_clip is None else controls.grad_clip
        self._rate = self._rate_now()
        batch = self._task.batcher.batch(self._step)
        update = self._engine.update(batch, self._rate, clipping, limit)
        self._step += 1
        self._seconds = self._start_seconds + self._stopwatch.seconds
        self._progress = self._budget.progress(self._step, self._seconds)
        self._tally.add(update, batch)
        self._epoch.add(update.loss, self._step)
        self.problem = self._watch.problem(update, self._rate, clipping, limit)

    def _rate_now(self) -> float:
        return learning_rate(self._config, self._progress, self._controls.learning_rate)

    def is_due(self) -> bool:
        """Whether to measure now."""
        return (
            self._seconds - self._tally.since >= _EVERY
            or self._controls.single
            or self._step == self._start_step + 1
            or is_snapshot_step(self._step)
            or self._is_epoch_due
            or self._is_thousandth
        )

    @property
    def _is_epoch_due(self) -> bool:
        return self._each_epoch and self._epoch.ends_at(self._step)

    @property
    def _is_thousandth(self) -> bool:
        return self._each_1000 and self._step % 1000 == 0

    def measurement(self) -> Measurement:
        """A reading, with everything else that is due."""
        reading = self.reading()
        self._latest = replace(reading, snapshot=is_snapshot_step(self._step))
        if self._is_evaluation_due(reading.characters_per_second or 0.0):
            self._latest = self._validated(self._latest)
        return self._latest

    def _is_evaluation_due(self, characters_per_second: float) -> bool:
        if self._each_epoch or self._each_1000:
            return self._is_epoch_due or self._is_thousandth
        return self._pace.is_due(self._seconds, self._progress, characters_per_second)

    def end(self) -> Measurement:
        """The last measurement; after a stop without what would take long."""
        same_step = self._latest is not None and self._latest.step == self._step
        last = self._latest if same_step and self._latest else self.reading()
        speed = self._characters / self._learning if self._learning else None
        last = replace(last, finished=True, snapshot=True, characters_per_second=speed)
        if self._controls.stop and (self._pace.cost is None or self._pace.cost > _PROMPT_STOP):
            return last
        if last.val_loss is None:
            last = self._validated(last)
        if not self._task.has_test_part:
            return last
        test = self._engine.evaluate(self._batches(self._task.split.test))
        return replace(last, test_loss=test.loss, test_accuracy=test.accuracy)

    def reading(self) -> Measurement:
        """What the updates since the reading before have shown."""
        tally, self._tally = (
            self._tally,
            _RunningMean(self._start_seconds + self._stopwatch.seconds),
        )
        learning = self._seconds - tally.since
        self._characters += tally.characters
        self._learning += learning
        return Measurement(
            step=self._step,
            epoch=self._step / self._task.batcher.updates_per_epoch,
            seconds=self._seconds,
            progress=self._progress,
            total_steps=self._budget.total_steps,
            train_loss=_mean(tally.losses),
            epoch_loss=_mean(self._epoch.losses) if self._is_epoch_due else None,
            grad_norm=_mean(tally.norms),
            learning_rate=self._rate,
            characters_per_second=tally.characters / learning if learning > 0 else None,
            evaluation_seconds=self._pace.seconds,
        )

    def _validated(self, reading: Measurement) -> Measurement:
        start = self._stopwatch.seconds
        measured = self._validation()
        written = self._task.write_sample(self._engine.params(), self._step)
        self._pace.note(self._seconds, self._stopwatch.seconds - start)
        self._tally = _RunningMean(self._start_seconds + self._stopwatch.seconds)
        return replace(
            reading,
            val_loss=measured.loss if measured else None,
            val_accuracy=measured.accuracy if measured else None,
            sample=written,
            evaluation_seconds=self._pace.seconds,
        )

    def _validation(self) -> Evaluation | None:
        """None where the training part takes all of the text."""
        part = self._task.split.validation
        return self._engine.evaluate(self._batches(part)) if len(part.text) > 1 else None

    def _batches(self, part: Part) -> Iterator[Batch]:
        return self._task.evaluation_batches(part)


class _RunningMean:
    """What the updates since the last measurement add up to."""

    def __init__(self, since: float) -> None:
        self.since = since  # seconds of training
        self.losses: list[float] = []
        self.norms: list[float] = []
        self.characters = 0

    def add(self, update: Update, batch: Batch) -> None:
        self.losses.append(update.loss)
        self.norms.append(update.grad_norm)
        self.characters += batch.counted


class _Epoch:
    """The losses of the present epoch, none of them if its beginning was not seen."""

    def __init__(self, updates: int) -> None:
        self._updates = updates
        self.losses: list[float] = []

    def add(self, loss: float, step: int) -> None:
        """Note the loss of update `step`, counted from 1."""
        place = (step - 1) % self._updates
        if place == 0:
            self.losses = []
        if len(self.losses) == place:
            self.losses.append(loss)

    def ends_at(self, step: int) -> bool:
        return step > 0 and step % self._updates == 0


def _mean(values: list[float]) -> float | None:
    """Over the finite ones, so that the last reading of a diverging run says how far it went; NaN
    when there are none of these, None when there are none at all."""
    if not values:
        return None
    finite = [value for value in values if math.isfinite(value)]
    return sum(finite) / len(finite) if finite else math.nan
