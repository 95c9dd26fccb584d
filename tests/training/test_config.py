"""The settings of a run: JSON, ranges, and the texts of the command line."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.training.config import FORMAT, ConfigError, RunConfig, differences, settings

NUMBERS = {n: s for n, s in settings().items() if s.minimum is not None}
CHOICES = {n: s for n, s in settings().items() if s.choices}
TYPES = {f.name: type(f.default) for f in fields(RunConfig)}
HUGE = pytest.param(-(10**400), id="beyond float")
# What one extreme needs of another field to be possible at all.
COMPANIONS: dict[tuple[str, Any], dict[str, Any]] = {
    ("train_share", 1.0): {"validation_share": 0.0},
    ("validation_share", 0.95): {"train_share": 0.05},
}


def extreme(name: str, value: float) -> RunConfig:
    """A config with this extreme."""
    companions = COMPANIONS.get((name, value), {})
    return RunConfig().replace(**{name: TYPES[name](value)}, **companions)


@pytest.mark.parametrize("name", NUMBERS)
def test_both_ends_of_every_range_are_allowed_and_beyond_is_not(name: str) -> None:
    setting = NUMBERS[name]
    assert setting.minimum is not None
    assert setting.maximum is not None
    for end, step in ((setting.minimum, -1), (setting.maximum, 1)):
        config = extreme(name, end)
        assert RunConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
        beyond = end + step if TYPES[name] is int else math.nextafter(end, step * math.inf)
        with pytest.raises(ConfigError, match=f"{setting.label}.*{name}.*must lie between"):
            RunConfig().replace(**{name: TYPES[name](beyond)})


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_is_allowed_and_no_other(name: str) -> None:
    for choice in CHOICES[name].choices:
        assert getattr(RunConfig().replace(**{name: choice}), name) == choice
    with pytest.raises(ConfigError, match="cannot be 'nonsense'; choose one of"):
        RunConfig().replace(**{name: "nonsense"})


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, HUGE, "5", None, [1], True])
def test_what_is_no_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=name):
        RunConfig().replace(**{name: value})


def test_every_field_has_a_label_and_a_help_text() -> None:
    assert list(settings()) == [f.name for f in fields(RunConfig)]
    for setting in settings().values():
        assert setting.label
        assert setting.help.endswith(".")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"train_share": 0.9, "validation_share": 0.2}, "add up to more than 1"),
        ({"engine": "numpy", "device": "cuda"}, "NumPy engine computes on the CPU only"),
        ({"budget": 2.5, "budget_unit": "steps"}, "must be a whole number"),
    ],
)
def test_settings_that_exclude_each_other_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        RunConfig().replace(**changes)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "must be a JSON object"),
        ({}, "format None"),
        ({"format": FORMAT + 1}, f"reads format {FORMAT}"),
        ({"format": FORMAT, "colour": 1}, "Unknown setting 'colour'"),
        ({"format": FORMAT, "hidden_size": "128"}, "must be a whole number"),
    ],
)
def test_broken_json_is_refused_with_a_sentence(data: object, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        RunConfig.from_json(data)


def test_assignments_are_read_by_the_type_of_the_field() -> None:
    config = RunConfig().with_assignments(
        ["hidden_size=64", "learning_rate = 1e-3", "drop_duplicates=yes", "cell=gru"]
    )
    assert differences(RunConfig(), config) == {
        "hidden_size": (128, 64),
        "learning_rate": (0.002, 0.001),
        "drop_duplicates": (False, True),
        "cell": ("lstm", "gru"),
    }


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("hidden_size", "not of the form field=value"),
        ("hidden_size=12.5", "must be a whole number, not '12.5'"),
        ("learning_rate=fast", "must be a number, not 'fast'"),
        ("drop_duplicates=perhaps", "must be true or false, not 'perhaps'"),
        ("hidden=5", "There is no setting 'hidden'"),
        ("=5", "There is no setting ''"),
        ("hidden_size=", "must be a whole number"),
        ("hidden_size=0", "must lie between 1 and 2,048"),
        ("seed=4294967296", "is 4,294,967,296, but must lie between 0 and 4,294,967,295"),
        pytest.param(f"seed=1{400 * '0'}", "is far too large a number", id="beyond float"),
    ],
)
def test_bad_assignments_are_refused_with_a_sentence(assignment: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        RunConfig().with_assignments([assignment])


@given(st.lists(st.text(max_size=30), max_size=3))
def test_any_text_as_assignment_gives_a_config_or_a_sentence(texts: list[str]) -> None:
    check_assignments(texts)


@given(st.sampled_from(list(settings())), st.text(max_size=20) | st.floats().map(str))
def test_any_value_of_any_field_gives_a_config_or_a_sentence(name: str, value: str) -> None:
    check_assignments([f"{name}={value}"])


def check_assignments(texts: list[str]) -> None:
    """Either a config that survives JSON, or a ConfigError; nothing else."""
    try:
        config = RunConfig().with_assignments(texts)
    except ConfigError:
        return
    assert RunConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
