"""The command line of RNN Lab: `python -m rnnlab`."""

from __future__ import annotations

import click

from rnnlab.commands.corpora import corpora
from rnnlab.commands.evaluate import evaluate
from rnnlab.commands.experiments import experiments
from rnnlab.commands.findings import findings
from rnnlab.commands.generate import generate
from rnnlab.commands.ladder import ladder
from rnnlab.commands.results import results
from rnnlab.commands.runs import runs
from rnnlab.commands.shared import OneSentenceGroup
from rnnlab.commands.ship import ship
from rnnlab.commands.train import train


@click.group(cls=OneSentenceGroup)
def main() -> None:
    """Train character-level recurrent networks, measure them, and let them write."""


for command in (
    corpora,
    experiments,
    train,
    evaluate,
    ladder,
    findings,
    generate,
    runs,
    results,
    ship,
):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m rnnlab")
