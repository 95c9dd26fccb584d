"""`train`: a run without a browser, by the same worker that trains for the app."""

from __future__ import annotations

from typing import Any

import click

from rnnlab.api import failure
from rnnlab.commands.shared import RunFailed, json_option, runs_option, show
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.jobs.foreground import say_remarks, train_in_foreground
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore

_MAX_SEEDS = 100


@click.command()
@click.argument("preset", type=click.Choice([*PRESETS, *EXPERIMENTS]), metavar="EXPERIMENT")
@click.option(
    "--set",
    "assignments",
    metavar="FIELD=VALUE",
    multiple=True,
    help="Change a setting of it, such as hidden_size=64. May be given several times.",
)
@click.option(
    "--seeds",
    callback=lambda _context, _option, value: None if value is None else _seeds(value),
    metavar="FIRST-LAST",
    help="Train it once with each of these seeds, one after the other, such as 1-10.",
)
@click.option("--name", default="", help="What to call the run.")
@runs_option
@json_option
def train(
    preset: str,
    assignments: tuple[str, ...],
    seeds: range | None,
    name: str,
    store: RunStore,
    as_json: bool,
) -> None:
    """Train a network with the settings of EXPERIMENT (see `experiments`)."""
    chosen = PRESETS.get(preset) or EXPERIMENTS[preset]
    config = chosen.config.with_assignments(assignments)
    say_remarks(config)
    for seed in seeds or [config.seed]:
        run = train_in_foreground(store, config.replace(seed=seed), name or chosen.title)
        result = _result(run)
        ended = result["state"] == (chosen.ends if isinstance(chosen, Experiment) else "finished")
        if as_json or ended:
            show(result, as_json, _sentence(result))
        if not ended:
            raise RunFailed(failure(run))


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise click.BadParameter(f"'{text}' is no range of seeds, such as 1-10.")
    found = range(int(first), int(last or first) + 1)
    if not 1 <= len(found) <= _MAX_SEEDS:
        raise click.BadParameter(f"'{text}' must be 1 to {_MAX_SEEDS} seeds, such as 1-10.")
    return found


def _result(run: Run) -> dict[str, Any]:
    status = run.status()
    return {
        "run": run.id,
        "folder": str(run.folder),
        "state": status.state,
        "steps": status.step,
        "epochs": status.epoch,
        "parameters": status.parameters,
        "train_loss": status.train_loss,
        "val_loss": status.val_loss,
        "best_val_loss": status.best_val_loss,
        "test_loss": status.test_loss,
        "seconds": status.seconds,
        "characters_per_second": status.characters_per_second,
        "device": status.device,
    }


def _sentence(result: dict[str, Any]) -> str:
    losses = {"training": "train_loss", "validation": "val_loss", "test": "test_loss"}
    known = [f"{name} {result[key]:.4f}" for name, key in losses.items() if result[key] is not None]
    return (
        f"Run {result['run']}: {result['steps']:,} updates in {result['seconds']:.1f} s, "
        f"{result['parameters']:,} parameters; loss in nats per character: "
        f"{', '.join(known) or 'none is a number'}."
    )
