"""Whatever a setting offers is there: a task, a kind of network, its torch module, a name."""

from __future__ import annotations

from typing import get_args

from rnnlab.training.config import ModelName, TaskName
from rnnlab.training.engines.factory import torch_engine
from rnnlab.training.labels import choice_name
from rnnlab.training.networks import _OF_SIZES, KINDS
from rnnlab.training.tasks import TASKS

ONLY_NUMPY = {"MinimalSizes"}  # by hand, with a backward pass of their own


def test_every_task_can_be_made() -> None:
    assert set(get_args(TaskName)) == set(TASKS)


def test_every_model_is_a_kind_of_network() -> None:
    assert set(get_args(ModelName)) <= set(KINDS)


def test_every_kind_is_found_by_its_sizes_and_has_a_torch_module() -> None:
    torch_engine()
    from rnnlab.training.engines.torch_engine.modules import MODULES

    builders = {kind.build for kind in KINDS.values()}
    assert builders == {kind.build for kind in _OF_SIZES.values()}
    assert {sizes.__name__ for sizes in _OF_SIZES.keys() - MODULES.keys()} == ONLY_NUMPY


def test_names_for_programs_are_not_shown_to_people() -> None:
    for name in (*get_args(TaskName), *get_args(ModelName)):
        assert "-" not in choice_name(name)
