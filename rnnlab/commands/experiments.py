"""`experiments`: the presets that `train` takes."""

from __future__ import annotations

import click

from rnnlab.commands.shared import json_option, show, table
from rnnlab.experiments.presets import PRESETS


@click.command()
@json_option
def experiments(as_json: bool) -> None:
    """List the experiments that can be trained by name."""
    rows = [
        {
            "name": preset.name,
            "title": preset.title,
            "description": preset.description,
            "config": preset.config.to_json(),
        }
        for preset in PRESETS.values()
    ]
    text = table([["NAME", "TITLE"], *([row["name"], row["title"]] for row in rows)])
    show({"experiments": rows}, as_json, text)
