"""`experiments`: what `train` takes: presets, and the experiments of the labs."""

from __future__ import annotations

from typing import Any

import click

from rnnlab.commands.shared import json_option, library, show, table
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.presets import PRESETS, Preset
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks import make_task


@click.command()
@json_option
def experiments(as_json: bool) -> None:
    """List the experiments that can be trained by name."""
    known: list[Preset | Experiment] = [*PRESETS.values(), *EXPERIMENTS.values()]
    text = table([["NAME", "TITLE"], *([each.name, each.title] for each in known)])
    show({"experiments": _described() if as_json else []}, as_json, text)


def _described() -> list[dict[str, Any]]:
    presets = [
        {
            "name": preset.name,
            "title": preset.title,
            "description": preset.description,
            "config": preset.config.to_json(),
        }
        for preset in PRESETS.values()
    ]
    return presets + [_of_a_lab(experiment) for experiment in EXPERIMENTS.values()]


def _of_a_lab(experiment: Experiment) -> dict[str, Any]:
    return {
        "name": experiment.name,
        "title": experiment.title,
        "description": experiment.question,
        "lab": experiment.lab,
        "source": experiment.source,
        "parameters": _parameters(experiment.config),
        "published": [
            {"measure": m.key, "title": m.title, "value": m.published, "unit": m.unit}
            for m in experiment.measures
            if m.published is not None
        ],
        "differs": list(experiment.differs),
        "seeds": list(experiment.seeds),
        "config": experiment.config.to_json(),
    }


def _parameters(config: RunConfig) -> int | None:
    """How many it has; None while its corpus is not here."""
    known = library()
    if not known.is_here(config.corpus):
        return None
    return make_task(config, known.load(config.corpus)).architecture.parameter_count()
