"""Settings in words."""

from __future__ import annotations

import math

import pytest

from rnnlab.training.config import RunConfig, settings
from rnnlab.training.labels import changes_text, choice_name, duration_text, run_name, value_text


def test_what_changed_is_named_with_both_values() -> None:
    before = RunConfig()
    after = before.replace(learning_rate=0.02, cell="rnn_tanh", budget=2.0, budget_unit="epochs")
    assert changes_text(before, after) == (
        "Cell LSTM → tanh RNN, Learning rate 0.002 → 0.02, 60 seconds → 2 epochs"
    )


def test_updates_are_called_updates() -> None:
    before = RunConfig(budget=30, budget_unit="epochs")
    after = before.replace(budget=2000, budget_unit="steps")
    assert changes_text(before, after) == "30 epochs → 2,000 updates"
    assert value_text("budget_unit", "steps") == "updates"


def test_nothing_changed_is_an_empty_text() -> None:
    assert changes_text(RunConfig(), RunConfig()) == ""


def test_every_choice_of_every_setting_has_a_name() -> None:
    for setting in settings().values():
        names = [choice_name(choice) for choice in setting.choices]
        assert len(set(names)) == len(names)
        assert all(names)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("embedding_size", 0, "one-hot"),
        ("embedding_size", 16, "16"),
        ("max_characters", 0, "all"),
        ("max_characters", 100_000, "100,000"),
        ("drop_duplicates", True, "yes"),
        ("learning_rate", 0.002, "0.002"),
        ("corpus", "lstm", "lstm"),  # a corpus of that name is not the cell
    ],
)
def test_values_in_words(name: str, value: object, text: str) -> None:
    assert value_text(name, value) == text


def test_a_run_is_called_after_its_network_and_its_text() -> None:
    assert run_name(RunConfig(), "The play") == "LSTM 128 on The play"
    assert run_name(RunConfig(cell="gru", num_layers=2)) == "GRU 2 × 128 on play"
    window = RunConfig(cell="gru", model="window")
    assert run_name(window) == "perceptron over a window 128 on play"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (2.34, "2.3 s"),
        (9.97, "10 s"),
        (59.4, "59 s"),
        (60.0, "1 min"),
        (200.0, "3 min 20 s"),
        (3600.0, "1 h"),
        (7500.0, "2 h 5 min"),
        (3 * 86400.0, "3 d"),
        (math.inf, "unknown"),
    ],
)
def test_durations_in_two_units(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
