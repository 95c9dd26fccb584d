"""`ship`: adds finished runs of an experiment to those that come with the lab."""

from __future__ import annotations

import click

from rnnlab.commands.shared import library, runs_option
from rnnlab.experiments.catalog import EXPERIMENTS
from rnnlab.experiments.reproduction import runs_of
from rnnlab.runs.folders import runs_folder
from rnnlab.runs.shipping import ship as ship_run
from rnnlab.runs.store import LABS, RunStore

HEAVIEST = 300_000  # bytes of a snapshot of which every seed ships


@click.command()
@click.argument("experiment", type=click.Choice(list(EXPERIMENTS)), metavar="EXPERIMENT")
@runs_option
def ship(experiment: str, store: RunStore) -> None:
    """Add the finished runs of EXPERIMENT to those that ship, one for each seed.

    They go to labs/ in the lab's own folder of runs, with a thinned curve and one snapshot in half
    precision; a large snapshot comes with the first seed only.
    """
    chosen = EXPERIMENTS[experiment]
    corpus = library().load(chosen.config.corpus)
    target = RunStore(runs_folder())
    for run in runs_of(chosen, store.runs()):
        seed = run.config.seed
        if (runs_folder() / LABS / f"{chosen.name}-{seed}").exists():
            click.echo(f"{LABS}/{chosen.name}-{seed} ships already; delete it to ship another.")
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
        click.echo(shipped.id)
