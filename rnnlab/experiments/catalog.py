"""All experiments of the labs by name."""

from __future__ import annotations

from rnnlab.experiments import shakespeare
from rnnlab.experiments.experiment import Experiment

EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment for module in (shakespeare,) for experiment in module.EXPERIMENTS
}


def of_lab(lab: str) -> list[Experiment]:
    """The experiments of a lab, in the order of its page."""
    return [experiment for experiment in EXPERIMENTS.values() if experiment.lab == lab]
