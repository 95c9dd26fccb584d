"""The loop: what it measures and when, how it ends, resumes and is steered."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import math
from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from rnnlab.network.char_rnn import CharRNN
from rnnlab.text.batching import Batch
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.divergence import Diverged
from rnnlab.training.engines.base import Engine, Update
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.evaluation import Evaluation, evaluate
from rnnlab.training.loop import Controls, Measurement, train
from rnnlab.training.pacing import EvaluationPace, Stopwatch, is_snapshot_step
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params

ENGINES = pytest.mark.parametrize("engine", ["torch", "numpy"])


def begin(
    config: RunConfig, corpus: Corpus, controls: Controls | None = None, **more: object
) -> tuple[Engine, Iterator[Measurement]]:
    """An engine and the run it makes."""
    task = make_task(config, corpus)
    engine = make_engine(config, task.architecture, first_params(task))
    controls = controls or Controls()
    return engine, train(task, engine, config, controls, Stopwatch(), **more)


def whole(config: RunConfig, corpus: Corpus) -> list[Measurement]:
    """All measurements of a run."""
    return list(begin(config, corpus)[1])


@ENGINES
def test_a_run_of_a_second_learns_and_tells(small: RunConfig, prose: Corpus, engine: str) -> None:
    config = small.replace(
        engine=engine, hidden_size=24, batch_size=8, grad_clip=1, budget=1, budget_unit="seconds"
    )
    told = whole(config, prose)
    first, last = told[0], told[-1]
    assert first.step == 0
    assert first.train_loss == pytest.approx(math.log(14), abs=0.3)
    assert told[1].step == 1
    assert [m.finished for m in told] == [False] * (len(told) - 1) + [True]
    assert last.progress == 1
    assert 1.0 <= last.seconds < 2.0
    assert last.train_loss < first.train_loss - 0.5
    assert last.val_loss == pytest.approx(last.test_loss, abs=0.3)
    assert 0.3 < last.val_accuracy <= 1
    assert last.characters_per_second > 100
    assert len(last.sample.text) == 200
    assert [m.step for m in told] == sorted({m.step for m in told})
    assert sum(not m.snapshot for m in told) <= 12  # at most ten a second


@ENGINES
def test_the_same_seed_gives_the_same_run(small: RunConfig, prose: Corpus, engine: str) -> None:
    config = small.replace(engine=engine, dropout=0.2, batching="random")
    ends = [whole(config.replace(seed=seed), prose)[-1] for seed in (1, 1, 2)]
    assert ends[0].val_loss == ends[1].val_loss != ends[2].val_loss
    assert ends[0].sample == ends[1].sample


@ENGINES
@pytest.mark.parametrize("batching", ["streams", "windows", "random", "items"])
def test_every_batching_trains(small: RunConfig, names: Corpus, engine: str, batching: str) -> None:
    config = small.replace(engine=engine, batching=batching, budget=2, budget_unit="epochs")
    told = whole(config, names)
    assert told[-1].epoch == 2
    assert told[-1].step == told[-1].total_steps
    assert told[-1].val_loss < told[0].train_loss - 0.2


def test_samples_of_items_are_items(small: RunConfig, names: Corpus) -> None:
    config = small.replace(batching="items", hidden_size=32, budget=600)
    sample = whole(config, names)[-1].sample
    assert sample.prime == "\n"
    written = sample.text.split("\n")[:-1]
    assert sum(name in names.items for name in written) > len(written) / 2


def test_snapshots_come_at_their_steps_and_at_the_end(small: RunConfig, prose: Corpus) -> None:
    told = whole(small.replace(budget=50), prose)
    kept = [m.step for m in told if m.snapshot]
    assert kept == [step for step in range(50) if is_snapshot_step(step)] + [50]


def test_each_epoch_is_evaluated_when_the_config_says_so(small: RunConfig, prose: Corpus) -> None:
    config = small.replace(evaluation="each-epoch", budget=3, budget_unit="epochs")
    task, losses = make_task(config, prose), []
    engine = make_engine(config, task.architecture, first_params(task))
    update = engine.update

    def noted(*arguments: object) -> Update:
        made = update(*arguments)
        losses.append(made.loss)
        return made

    engine.update = noted
    told = list(train(task, engine, config, Controls(), Stopwatch()))
    n = task.batcher.updates_per_epoch
    ends = [m for m in told if m.epoch_loss is not None]
    assert [m.step for m in ends] == [n, 2 * n, 3 * n]
    means = [np.mean(losses[k * n : (k + 1) * n]) for k in range(3)]
    np.testing.assert_allclose([m.epoch_loss for m in ends], means, rtol=1e-12)
    assert [m.step for m in told if m.val_loss is not None] == [n, 2 * n, 3 * n]
    assert all(m.sample for m in ends)


def test_an_epoch_of_which_the_beginning_was_not_seen_has_no_loss(
    small: RunConfig, prose: Corpus
) -> None:
    config = small.replace(evaluation="each-epoch", budget=2, budget_unit="epochs")
    n = make_task(config, prose).batcher.updates_per_epoch
    told = list(begin(config, prose, start_step=1)[1])
    assert [m.step for m in told if m.epoch_loss is not None] == [2 * n]


def test_without_a_validation_part_it_learns_all_of_the_text(
    small: RunConfig, prose: Corpus
) -> None:
    config = small.replace(train_share=1.0, validation_share=0.0, budget=20, budget_unit="steps")
    last = whole(config, prose)[-1]
    assert last.finished
    assert last.val_loss is None
    assert last.test_loss is None
    assert last.sample is not None


def test_train_loss_is_the_mean_since_the_measurement_before(
    small: RunConfig, prose: Corpus
) -> None:
    config = small.replace(budget=20)
    controls = Controls(single=True)
    each = [m for m in begin(config, prose, controls)[1] if m.step]
    assert [m.step for m in each] == list(range(1, 21))
    told = [m for m in whole(config, prose) if m.step]
    for before, after in itertools.pairwise(told):
        between = [m for m in each if before.step < m.step <= after.step]
        mean = sum(m.train_loss for m in between) / len(between)
        assert after.train_loss == pytest.approx(mean)
        assert after.grad_norm == pytest.approx(sum(m.grad_norm for m in between) / len(between))


@ENGINES
@pytest.mark.parametrize("stop", [1, 7, 19])
def test_a_resumed_run_ends_as_the_uninterrupted_one(
    small: RunConfig, prose: Corpus, engine: str, stop: int
) -> None:
    config = small.replace(engine=engine, dropout=0.2, schedule="cosine", warmup=0.1)
    expected = whole(config, prose)[-1]
    first, running = begin(config, prose, Controls(single=True))
    here = next(m for m in running if m.step == stop)
    saved = first.state()
    second, resumed = begin(config, prose, start_step=here.step, start_seconds=here.seconds)
    second.load_state(saved)
    told = list(resumed)
    assert told[0].step == stop + 1
    last = told[-1]
    assert (last.step, last.val_loss, last.test_loss) == (20, expected.val_loss, expected.test_loss)
    assert last.sample == expected.sample
    assert last.seconds >= here.seconds


def test_resuming_at_the_end_only_evaluates(small: RunConfig, prose: Corpus) -> None:
    engine, running = begin(small, prose)
    end = list(running)[-1]
    other, resumed = begin(small, prose, start_step=20, start_seconds=3.0)
    other.load_state(engine.state())
    (only,) = resumed
    assert only.finished
    assert only.train_loss is None
    assert only.val_loss == end.val_loss


def test_learning_rate_and_clipping_change_while_it_trains(small: RunConfig, prose: Corpus) -> None:
    config = small.replace(schedule="linear", optimizer="sgd")
    controls = Controls(single=True)
    engine, running = begin(config, prose, controls)
    rates = {}
    for m in running:
        rates[m.step] = m.learning_rate
        if m.step == 5:
            controls.learning_rate = 0.5
        if m.step == 10:
            controls.clipping, controls.grad_clip = "norm", 1e-9  # nothing moves any more
            before = engine.params()
    assert rates[5] == pytest.approx(0.01 * (1 - 0.99 * 4 / 20))
    assert rates[6] == pytest.approx(0.5 * (1 - 0.99 * 5 / 20))
    for name, param in engine.params().items():
        assert abs(param - before[name]).max() < 1e-6


def test_a_stop_ends_the_run_at_once(small: RunConfig, prose: Corpus) -> None:
    controls = Controls(single=True)
    told = []
    for m in begin(small.replace(budget=10_000), prose, controls)[1]:
        told.append(m)
        controls.stop = m.step == 7
    assert [m.step for m in told] == [*range(8), 7]
    assert told[-1].finished
    assert told[-1].train_loss == told[-2].train_loss


def test_pauses_do_not_count(small: RunConfig, prose: Corpus) -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 0.001  # each look at the clock takes a millisecond of its time
        return now[0]

    watch = Stopwatch(clock)
    task = make_task(small, prose)
    engine = make_engine(small, task.architecture, first_params(task))
    for m in train(task, engine, small, Controls(single=True), watch):
        if m.step == 5:
            watch.stop()
            now[0] += 1000.0
            watch.start()
        last = m
    assert last.seconds < 10


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "sgd", "learning_rate": 100.0, "cell": "rnn_relu", "clipping": "none"},
        {"optimizer": "adam", "learning_rate": 100.0, "clipping": "none"},
    ],
    ids=["relu", "lstm"],
)
@ENGINES
def test_a_run_that_diverges_shows_it_and_says_what_to_change(
    small: RunConfig, prose: Corpus, engine: str, changes: dict[str, object]
) -> None:
    config = small.replace(engine=engine, budget=500, hidden_size=32, **changes)
    told: list[Measurement] = []
    with pytest.raises(Diverged, match=r"Learning rate 100 is high for .*: try 0"):
        collections.deque(map(told.append, begin(config, prose)[1]))
    last = told[-1]
    assert not last.finished
    assert last.diverged
    assert not last.snapshot


@ENGINES
def test_evaluation_costs_little_of_the_time(small: RunConfig, prose: Corpus, engine: str) -> None:
    """All validation losses of a run together stay near 6 % of its time, whatever one costs."""
    config = small.replace(engine=engine, budget=2, budget_unit="seconds")
    measured = [m for m in whole(config, prose) if m.val_loss is not None]
    assert 2 <= len(measured) <= 6
    assert all(m.sample for m in measured)


def test_measurements_hold_plain_numbers(small: RunConfig, prose: Corpus) -> None:
    for m in whole(small, prose):
        for field in dataclasses.fields(m):
            value = getattr(m, field.name)
            assert field.name == "sample" or value is None or type(value) in (int, float, bool)


class TimedEngine:
    """Learns nothing: by a planted clock, each character of an update and each evaluation takes so
    many seconds."""

    description = "planted"

    def __init__(self, params: dict[str, np.ndarray], character: float, evaluation: float) -> None:
        self._params = params
        self.character, self._evaluation = character, evaluation
        self.now = 0.0
        self.evaluations = 0

    def clock(self) -> float:
        return self.now

    def update(self, batch: Batch, *_: object) -> Update:
        self.now += self.character * batch.counted
        return Update(loss=2.5, grad_norm=0.5)

    def evaluate(self, batches: Iterable[Batch]) -> Evaluation:
        self.now += self._evaluation
        self.evaluations += 1
        return Evaluation(2.0, 0.5, sum(batch.counted for batch in batches))

    def params(self) -> dict[str, np.ndarray]:
        return self._params


def timed(
    config: RunConfig,
    corpus: Corpus,
    *,
    character: float,
    evaluation: float,
    controls: Controls | None = None,
    start_step: int = 0,
) -> tuple[TimedEngine, Iterator[Measurement]]:
    """A run in which time passes only as planted: seconds of each character and evaluation."""
    task = make_task(config, corpus)
    engine = TimedEngine(first_params(task), character, evaluation)
    watch = Stopwatch(engine.clock)
    return engine, train(task, engine, config, controls or Controls(), watch, start_step)


def test_each_loss_is_that_of_its_own_part(small: RunConfig, prose: Corpus) -> None:
    task = make_task(small, prose)
    engine, running = begin(small, prose)
    last = list(running)[-1]
    model = CharRNN(task.architecture, engine.params())
    validation, test = (
        evaluate(model, task.evaluation_batches(part))
        for part in (task.split.validation, task.split.test)
    )
    assert abs(validation.loss - test.loss) > 1e-3  # else nothing is shown
    assert validation.accuracy != test.accuracy
    assert last.val_loss == pytest.approx(validation.loss, abs=1e-5)
    assert last.test_loss == pytest.approx(test.loss, abs=1e-5)
    assert (last.val_accuracy, last.test_accuracy) == (validation.accuracy, test.accuracy)


def test_the_speed_counts_no_evaluation(small: RunConfig, prose: Corpus) -> None:
    config = small.replace(evaluation="each-epoch", budget=3, budget_unit="epochs")
    engine, running = timed(config, prose, character=1e-4, evaluation=50.0)
    told = [m for m in running if m.step]
    assert engine.evaluations >= 4
    for m in told:
        assert m.characters_per_second == pytest.approx(1e4)
    assert told[-1].evaluation_seconds == pytest.approx(3 * 50.0)


def test_the_last_speed_is_that_of_all_updates(small: RunConfig, prose: Corpus) -> None:
    controls = Controls(single=True)
    engine, running = timed(small, prose, character=1e-4, evaluation=5.0, controls=controls)
    for m in running:
        if m.step == 10 and not m.finished:
            engine.character = 3e-4  # the second ten updates take three times as long
    assert m.finished
    assert m.characters_per_second == pytest.approx(5000)


@pytest.mark.parametrize(
    ("cost", "wanted"), [(0.9, [True, True]), (1.1, [False, False])], ids=["short", "long"]
)
def test_a_stop_waits_for_an_evaluation_that_is_known_to_be_short(
    small: RunConfig,
    prose: Corpus,
    monkeypatch: pytest.MonkeyPatch,
    cost: float,
    wanted: list[bool],
) -> None:
    due = iter([True])  # at the first update; no other
    monkeypatch.setattr(EvaluationPace, "is_due", lambda *_: next(due, False))
    controls = Controls(single=True)
    _, running = timed(small, prose, character=1e-4, evaluation=cost, controls=controls)
    for m in running:
        controls.stop = m.step == 3
    assert (m.step, m.finished) == (3, True)
    assert [m.val_loss is not None, m.test_loss is not None] == wanted


def test_a_stop_waits_for_no_evaluation_of_which_the_cost_is_unknown(
    small: RunConfig, prose: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EvaluationPace, "is_due", lambda *_: False)
    controls = Controls(single=True)
    engine, running = timed(small, prose, character=1e-4, evaluation=0.0, controls=controls)
    for m in running:
        controls.stop = m.step == 3
    assert (m.step, m.finished, m.val_loss, m.test_loss) == (3, True, None, None)
    assert engine.evaluations == 1  # of the first batch, before any update


def test_the_first_update_after_a_resumption_is_measured(small: RunConfig, prose: Corpus) -> None:
    assert not is_snapshot_step(13)
    _, running = timed(small, prose, character=0.0, evaluation=0.0, start_step=12)
    assert [m.step for m in running] == [13, 16, 20]
