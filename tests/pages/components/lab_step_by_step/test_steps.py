"""The steps of the manual, and the versions of what is installed."""

from __future__ import annotations

import numpy

from pages.components.lab_step_by_step.settings import libraries
from pages.components.lab_step_by_step.steps import STEPS, step


def test_the_manual_has_twelve_steps_with_addresses_of_their_own() -> None:
    assert [each.number for each in STEPS] == list(range(1, 13))
    assert len({each.anchor for each in STEPS}) == len({each.title for each in STEPS}) == 12
    assert step(12) is STEPS[-1]


def test_versions_are_those_that_are_installed() -> None:
    found = {each.name: each.version for each in libraries()}
    assert found["numpy"] == numpy.__version__
    assert found["torch"]
