"""The choice of a number of threads, with times that are made up."""

from __future__ import annotations

import random

from rnnlab.training.engines.torch_engine.devices import ThreadAutotuner


def decide(
    trial: ThreadAutotuner, seconds: dict[int, float], noise: float = 0.0
) -> tuple[int, float]:
    """The choice, and the seconds the trial took; each update takes up to `noise` times longer."""
    draw, spent = random.Random(1), 0.0
    while not trial.decided:
        took = seconds[trial.threads] * (1 + noise * draw.random())
        trial.record(took)
        spent += took
    return trial.threads, spent


def test_the_fastest_wins() -> None:
    for fast in (1, 2, 8):
        times = {c: 0.001 if c == fast else 0.0012 for c in (1, 2, 8)}
        assert decide(ThreadAutotuner((1, 2, 8)), times)[0] == fast


def test_noise_of_a_half_does_not_hide_a_difference_of_a_fifth() -> None:
    assert decide(ThreadAutotuner((1, 2)), {1: 0.001, 2: 0.0012}, noise=0.5)[0] == 1
    assert decide(ThreadAutotuner((1, 2)), {1: 0.0012, 2: 0.001}, noise=0.5)[0] == 2


def test_more_threads_must_gain_more_than_a_little() -> None:
    assert decide(ThreadAutotuner((1, 2)), {1: 0.00103, 2: 0.001})[0] == 1
    assert decide(ThreadAutotuner((1, 2)), {1: 0.00110, 2: 0.001})[0] == 2
    assert decide(ThreadAutotuner((1, 2, 8)), {1: 0.00110, 2: 0.00101, 8: 0.001})[0] == 2


def test_one_candidate_needs_no_trial() -> None:
    assert ThreadAutotuner((1, 1)).decided
    assert ThreadAutotuner((3,)).threads == 3


def test_a_hopeless_candidate_is_given_up_after_two_updates() -> None:
    chosen, spent = decide(ThreadAutotuner((1, 2)), {1: 0.01, 2: 1.7})
    assert chosen == 1
    assert spent < 2 * 1.7 + 0.1


def test_the_first_update_of_a_block_does_not_count() -> None:
    trial, previous = ThreadAutotuner((1, 2)), 0
    while not trial.decided:
        current = trial.threads
        slow_start = 1.0 if current == 2 and previous != 2 else 0.0  # threads are woken up
        previous = current
        trial.record((0.002 if current == 1 else 0.001) + slow_start)
    assert trial.threads == 2


def test_slow_updates_make_a_short_trial() -> None:
    trial, updates = ThreadAutotuner((1, 2)), 0
    while not trial.decided:
        trial.record(2.0 if trial.threads == 1 else 1.5)
        updates += 1
    assert trial.threads == 2
    assert updates <= 8
