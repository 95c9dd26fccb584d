"""`runs`: what has been trained."""

from __future__ import annotations

from typing import Any

import click

from rnnlab.commands.shared import json_option, runs_option, show, table
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore


@click.command()
@runs_option
@json_option
def runs(store: RunStore, as_json: bool) -> None:
    """List all runs, newest first, then those that ship."""
    rows = [_row(run) for run in store.runs()]
    broken = [{"run": run_id, "error": sentence} for run_id, sentence in store.broken()]
    lines = [["RUN", "STATE", "UPDATES", "VALIDATION", "NAME"]]
    for row in rows:
        loss = "" if row["val_loss"] is None else f"{row['val_loss']:.4f}"
        lines.append([row["run"], row["state"], f"{row['steps']:,}", loss, row["name"]])
    lines += [[row["run"], "broken", "", "", row["error"]] for row in broken]
    show({"runs": rows, "broken": broken}, as_json, table(lines))


def _row(run: Run) -> dict[str, Any]:
    status = run.status()
    return {
        "run": run.id,
        "name": run.name,
        "state": status.state,
        "steps": status.step,
        "seconds": status.seconds,
        "parameters": status.parameters,
        "train_loss": status.train_loss,
        "val_loss": status.val_loss,
        "best_val_loss": status.best_val_loss,
        "test_loss": status.test_loss,
        "characters_per_second": status.characters_per_second,
        "config": run.config.to_json(),
    }
