"""All experiments of the labs by name."""

from __future__ import annotations

from rnnlab.experiments import by_hand, dinosaurs, names, shakespeare, step_by_step
from rnnlab.experiments.experiment import Experiment

EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment
    for module in (
        step_by_step,
        dinosaurs,
        by_hand,
        names,
        shakespeare,
    )
    for experiment in module.EXPERIMENTS
}


def of_lab(lab: str) -> list[Experiment]:
    """The experiments of a lab, in the order of its page."""
    return [experiment for experiment in EXPERIMENTS.values() if experiment.lab == lab]
