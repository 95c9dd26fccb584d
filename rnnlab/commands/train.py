"""`train`: a run without a browser, by the same worker that trains for the app."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import click
from tqdm import tqdm

from rnnlab.commands.shared import RunFailed, json_option, library, runs_option, show
from rnnlab.experiments.presets import PRESETS
from rnnlab.runs.folders import data_folder
from rnnlab.runs.jobs import JobManager
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from rnnlab.training.tasks import prepare

_LOOK_EVERY = 0.25  # seconds


@click.command()
@click.argument("preset", type=click.Choice(list(PRESETS)), metavar="PRESET")
@click.option(
    "--set",
    "assignments",
    metavar="FIELD=VALUE",
    multiple=True,
    help="Change a setting of the preset, such as hidden_size=64. May be given several times.",
)
@click.option("--name", default="", help="What to call the run.")
@runs_option
@json_option
def train(
    preset: str, assignments: tuple[str, ...], name: str, store: RunStore, as_json: bool
) -> None:
    """Train a network with the settings of PRESET (see `experiments`)."""
    chosen = PRESETS[preset]
    config = chosen.config.with_assignments(assignments)
    corpus = library().load(config.corpus)
    prepare(config, corpus)  # what cannot be trained is refused before there is a run
    run = store.create(config, name=name or chosen.title, corpus_sha256=corpus.sha256)
    click.echo(f"Run {run.id} in {run.folder}", err=True)
    _train(store, run)
    result = _result(run)
    show(result, as_json, _sentence(result))


def _train(store: RunStore, run: Run) -> None:
    jobs = JobManager(store.root, data_folder(), keep_spare=False)
    try:
        jobs.submit(run.id)
        with tqdm(total=100, bar_format="{l_bar}{bar}| {elapsed}{postfix}") as bar:
            for status in _until_over(run):
                bar.set_postfix_str(_progress(status), refresh=False)
                bar.update(round(100 * status.progress) - bar.n)
    finally:
        jobs.close()
    status = run.status()
    if status.state != "finished":
        raise RunFailed(f"Run {run.id} {status.state}: {status.error} {status.advice}")


def _until_over(run: Run) -> Iterator[Status]:
    while (status := run.status()).is_active:
        yield status
        time.sleep(_LOOK_EVERY)
    yield status


def _progress(status: Status) -> str:
    parts = [f"step {status.step:,}"]
    if status.train_loss is not None:
        parts.append(f"train {status.train_loss:.3f}")
    if status.val_loss is not None:
        parts.append(f"validation {status.val_loss:.3f}")
    if status.characters_per_second is not None:
        parts.append(f"{status.characters_per_second:,.0f} characters/s")
    return ", ".join(parts)


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
        f"Run {result['run']}: {result['steps']:,} steps in {result['seconds']:.1f} s, "
        f"{result['parameters']:,} parameters; loss in nats per character: "
        f"{', '.join(known) or 'none is a number'}."
    )
