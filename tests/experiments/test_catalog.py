"""What every experiment of the labs must be."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment


def sentences(declared: Any) -> list[tuple[str, Any]]:
    """The name and every text of the fields of a dataclass that hold a text or a row of texts."""
    kinds = get_type_hints(type(declared))
    values = [(f.name, kinds[f.name], getattr(declared, f.name)) for f in fields(declared)]
    single = [(name, value) for name, kind, value in values if kind is str]
    rows = [(name, each) for name, kind, row in values if kind == tuple[str, ...] for each in row]
    return single + rows


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=lambda each: each.name)
def test_what_is_said_of_an_experiment_is_text_throughout(experiment: Experiment) -> None:
    declared = sentences(experiment)
    assert {"title", "question", "look_for", "source"} <= {name for name, _ in declared}
    for each in (declared, *(sentences(measure) for measure in experiment.measures)):
        wrong = [(name, text) for name, text in each if not isinstance(text, str)]
        assert not wrong
