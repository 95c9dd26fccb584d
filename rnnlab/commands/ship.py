"""`ship`: adds finished runs of an experiment to those that come with the lab."""

from __future__ import annotations

import click

from rnnlab.commands.shared import json_option, library, runs_option, show
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import runs_of
from rnnlab.folders import runs_folder
from rnnlab.runs.export import ship as ship_run
from rnnlab.runs.store import LABS, RunStore

HEAVIEST = 300_000  # bytes of a snapshot of which every seed ships


@click.command()
@click.argument("experiment", type=click.Choice(list(EXPERIMENTS)), metavar="EXPERIMENT")
@runs_option
@json_option
def ship(experiment: str, store: RunStore, as_json: bool) -> None:
    """Add the finished runs of EXPERIMENT to those that ship, one for each seed.

    They go to labs/ in the lab's own folder of runs, with a thinned curve and one snapshot in half
    precision; a large snapshot comes with the first seed only.
    """
    chosen = EXPERIMENTS[experiment]
    corpus = library().load(chosen.config.corpus)
    target = RunStore(runs_folder())
    found, added = runs_of(chosen, store.runs()), []
    if not found:
        raise click.UsageError(f"There is no run of {chosen.name} in {store.root} that has ended.")
    for run in found:
        seed = run.config.seed
        if (runs_folder() / LABS / f"{chosen.name}-{seed}").exists():
            click.echo(
                f"{LABS}/{chosen.name}-{seed} ships already; delete it to ship another.", err=True
            )
            continue
        name = f"{chosen.title}, seed {seed}"
        shipped = ship_run(
            target,
            run,
            f"{chosen.name}-{seed}",
            name,
            chosen.question,
            corpus,
            heaviest=None if seed == chosen.seeds[0] else HEAVIEST,
        )
        added.append(shipped.id)
    show({"shipped": added}, as_json, "\n".join(added))
