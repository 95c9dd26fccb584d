"""What an update costs, and how far a run comes in its time."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.network.char_rnn import Architecture
from rnnlab.network.initialization import initial_params
from rnnlab.text.batching import Batch
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.cost_model import Speed, Work, seconds, work
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.engines.torch_engine.speed import ALONE
from rnnlab.training.planning import Forecast, RunPlan, forecast, plan
from rnnlab.training.tasks import make_task

EQUAL = Work(0.001, 0.01, 0.002)


def seen(config: RunConfig, prose: Corpus, speed: Speed | None = None) -> Forecast:
    return forecast(config, plan(make_task(config, prose)), speed)


@pytest.mark.parametrize("unit", ["steps", "epochs", "seconds"])
@pytest.mark.parametrize("evaluation", ["paced", "each-epoch", "each-1000"])
def test_a_forecast_keeps_the_budget(
    small: RunConfig, prose: Corpus, unit: str, evaluation: str
) -> None:
    config = small.replace(budget=30, budget_unit=unit, evaluation=evaluation)
    amount = seen(config, prose)
    per_epoch = make_task(config, prose).batcher.updates_per_epoch
    assert amount.epochs == pytest.approx(amount.updates / per_epoch)
    expected = {"steps": amount.updates, "epochs": amount.epochs, "seconds": amount.seconds}
    assert expected[unit] == pytest.approx(30)


@pytest.mark.parametrize("evaluation", ["paced", "each-epoch", "each-1000"])
def test_so_many_updates_take_the_seconds_in_which_so_many_are_made(
    small: RunConfig, prose: Corpus, evaluation: str
) -> None:
    config = small.replace(budget=50_000, budget_unit="steps", evaluation=evaluation)
    amount = seen(config, prose)
    timed = config.replace(budget=amount.seconds, budget_unit="seconds")
    assert seen(timed, prose).updates == pytest.approx(50_000, rel=1e-3)


def test_evaluations_take_a_small_share_of_the_updates(small: RunConfig, prose: Corpus) -> None:
    config = small.replace(budget=600, budget_unit="seconds")
    amount = plan(make_task(config, prose))
    without = 600 / seconds(config, amount.work, Speed())
    assert 0.93 * without < forecast(config, amount).updates < without


def test_a_known_factor_makes_updates_so_much_longer(small: RunConfig, prose: Corpus) -> None:
    config = small.replace(budget=1000, evaluation="each-1000")
    amount: RunPlan = plan(make_task(config, prose))
    once, twice = (forecast(config, amount, factor=factor).seconds for factor in (1.0, 2.0))
    assert twice == pytest.approx(2 * once, rel=0.1)  # writing a sample takes as long as before


@pytest.mark.parametrize(
    "larger", [{"hidden_size": 512}, {"batch_size": 64}, {"num_layers": 4}, {"seq_length": 200}]
)
@pytest.mark.parametrize("engine", ["torch", "numpy"])
@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "lstm", "gru"])
def test_more_work_takes_longer(
    small: RunConfig, larger: dict[str, int], engine: str, cell: str
) -> None:
    def time_of(config: RunConfig) -> float:
        sizes = Architecture(cell, 13, 5, config.hidden_size, config.num_layers)
        amount = work(config, sizes, config.batch_size, config.seq_length)
        return seconds(config, amount, Speed())

    config = small.replace(engine=engine, cell=cell, hidden_size=64)
    assert time_of(config.replace(**larger)) > 1.2 * time_of(config)


def test_each_cell_has_the_overhead_that_was_measured_for_it(small: RunConfig) -> None:
    speed = Speed(rnn=2, lstm=3, gru=5, arithmetic=7, arithmetic_on_all=11)
    factors = {"rnn_tanh": 2, "rnn_relu": 2, "lstm": 3, "gru": 5}
    for cell, factor in factors.items():
        took = seconds(small.replace(cell=cell), EQUAL, speed)
        assert took == pytest.approx(factor * 0.001 + 7 * 0.01)
    by_hand = small.replace(cell="lstm", engine="numpy")
    assert seconds(by_hand, EQUAL, speed) == pytest.approx(2 * 0.001 + 7 * 0.01)


def test_all_cores_count_where_the_engine_may_use_them_and_they_help(small: RunConfig) -> None:
    speed = Speed(arithmetic=7, arithmetic_on_all=4)
    slow = Speed(arithmetic=7, arithmetic_on_all=40)
    alone, free, two = (small.replace(threads=threads) for threads in (1, 0, 2))
    assert seconds(alone, EQUAL, speed) == pytest.approx(0.001 + 7 * 0.01)
    assert seconds(free, EQUAL, speed) == pytest.approx(0.001 + 4 * 0.01 + 0.002)
    assert seconds(free, EQUAL, slow) == seconds(alone, EQUAL, slow)
    assert seconds(two, EQUAL, slow) == pytest.approx(0.001 + 40 * 0.01 + 0.002)
    by_hand = free.replace(engine="numpy")
    assert seconds(by_hand, EQUAL, speed) == pytest.approx(0.001 + 7 * 0.01)


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru"])
def test_the_parts_of_an_update_add_up_as_they_do_in_the_engine(cell: str) -> None:
    """How much longer a large update takes than a small one, on any machine: the oracle is torch.

    Time of the processor, the fastest of several updates, and a factor of three either way: caches
    and vector units of machines differ.
    """
    small = RunConfig(cell=cell, hidden_size=16, batch_size=1, seq_length=32, threads=1)
    large = small.replace(hidden_size=192, batch_size=32)
    measured = _fastest(large) / _fastest(small)
    expected = _modelled(large) / _modelled(small)
    assert expected / 3 < measured < expected * 3


def _sizes(config: RunConfig) -> Architecture:
    return Architecture(config.cell, 65, 0, config.hidden_size, config.num_layers)


def _modelled(config: RunConfig) -> float:
    amount = work(config, _sizes(config), config.batch_size, config.seq_length)
    return seconds(config, amount, Speed())


def _fastest(config: RunConfig) -> float:
    rng, sizes = np.random.default_rng(0), _sizes(config)
    engine = make_engine(config, sizes, initial_params(sizes, "pytorch", rng))
    ids = rng.integers(65, size=(config.batch_size, config.seq_length + 1))
    times = []
    for _ in range(12):
        start = ALONE()
        engine.update(Batch(ids[:, :-1], ids[:, 1:], carry=False), 0.001, "norm", 1.0)
        times.append(ALONE() - start)
    return min(times)
