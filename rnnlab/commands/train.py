"""`train`: a run without a browser, by the same worker that trains for the app."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import click
from tqdm import tqdm

from rnnlab.commands.shared import RunFailed, json_option, library, runs_option, show
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.presets import PRESETS
from rnnlab.folders import data_folder
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig
from rnnlab.training.planning import notes, warnings
from rnnlab.training.tasks import make_task

_LOOK_EVERY = 0.25  # seconds
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
    _check(config)
    for seed in seeds or [config.seed]:
        run = _trained(store, config.replace(seed=seed), name or chosen.title)
        result, status = _result(run), run.status()
        ended = status.state == (chosen.ends if isinstance(chosen, Experiment) else "finished")
        if as_json or ended:
            show(result, as_json, _sentence(result))
        if not ended:
            raise RunFailed(f"Run {run.id} {status.state}: {status.error} {status.advice}")


def _check(config: RunConfig) -> None:
    """Refuse what cannot be trained before there is a run, and say what looks wrong."""
    task = make_task(config, library().load(config.corpus))
    for sentence in warnings(task):
        click.echo(f"Warning: {sentence}", err=True)
    for sentence in notes(task):
        click.echo(f"Note: {sentence}", err=True)


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise click.BadParameter(f"'{text}' is no range of seeds, such as 1-10.")
    found = range(int(first), int(last or first) + 1)
    if not 1 <= len(found) <= _MAX_SEEDS:
        raise click.BadParameter(f"'{text}' must be 1 to {_MAX_SEEDS} seeds, such as 1-10.")
    return found


def _trained(store: RunStore, config: RunConfig, name: str) -> Run:
    corpus = library().load(config.corpus)
    run = store.create(config, name=name, corpus_sha256=corpus.sha256)
    click.echo(f"Run {run.id} in {run.folder}", err=True)
    _train(store, run)
    return run


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


def _until_over(run: Run) -> Iterator[Status]:
    while (status := run.status()).is_active:
        yield status
        time.sleep(_LOOK_EVERY)
    yield status


def _progress(status: Status) -> str:
    parts = [f"update {status.step:,}"]
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
        f"Run {result['run']}: {result['steps']:,} updates in {result['seconds']:.1f} s, "
        f"{result['parameters']:,} parameters; loss in nats per character: "
        f"{', '.join(known) or 'none is a number'}."
    )
