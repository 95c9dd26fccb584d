"""`results`: the published numbers of the labs beside ours."""

from __future__ import annotations

from typing import Any

import click

from rnnlab.commands.shared import json_option, runs_option, show, table
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import LABS, Experiment
from rnnlab.experiments.reproduction import Reproduced, ours_text, published_text, reproduced
from rnnlab.runs.store import RunStore


@click.command()
@click.argument("lab", type=click.Choice(list(LABS)), required=False)
@runs_option
@json_option
def results(lab: str | None, store: RunStore, as_json: bool) -> None:
    """Compare what was published with our runs, of LAB or of all labs.

    Ours are means ± standard deviation over the shipped runs, or over own runs of the same
    settings where none ship.
    """
    chosen = [e for e in EXPERIMENTS.values() if lab in (None, e.lab)]
    rows = [row for experiment in chosen for row in _rows(experiment, store)]
    heads = ["EXPERIMENT", "MEASURE", "PUBLISHED", "OURS", "RUNS", "COMMAND"]
    show({"results": rows}, as_json, table([heads, *map(_line, rows)]))


def _rows(experiment: Experiment, store: RunStore) -> list[dict[str, Any]]:
    shipped = store.labs()
    found = reproduced(experiment, shipped)
    if not any(one.values for one in found):
        found = reproduced(experiment, [run for run in store.runs() if not run.read_only])
    return [_row(experiment, one) for one in found]


def _row(experiment: Experiment, found: Reproduced) -> dict[str, Any]:
    return {
        "experiment": experiment.name,
        "measure": found.measure.key,
        "unit": found.measure.unit,
        "published": found.measure.published,
        "mean": found.mean,
        "spread": found.spread,
        "percentile": found.percentile,
        "runs": list(found.values),
        "command": experiment.command,
        "texts": [published_text(found.measure), ours_text(found)],
    }


def _line(row: dict[str, Any]) -> list[str]:
    title = f"{row['measure']} ({row['unit']})" if row["unit"] else row["measure"]
    return [row["experiment"], title, *row["texts"], str(len(row["runs"])), row["command"]]
