"""`evaluate`: the loss of a trained network over a whole text."""

from __future__ import annotations

import click

from rnnlab.commands.shared import json_option, library, network, runs_option, show, snapshot_option
from rnnlab.network.losses import bits_per_character, perplexity
from rnnlab.runs.store import RunStore


@click.command()
@click.argument("run")
@click.option(
    "--split",
    "part",
    type=click.Choice(["validation", "test"]),
    default="validation",
    show_default=True,
    help="Which part of the corpus.",
)
@click.option("--corpus", metavar="NAME", help="Another corpus, split as the run's own.")
@snapshot_option
@runs_option
@json_option
def evaluate(
    run: str,
    part: str,
    corpus: str | None,
    snapshot: int | str,
    store: RunStore,
    as_json: bool,
) -> None:
    """Measure the loss of RUN over the whole validation or test part.

    The state is carried through the text; a list that was learned item by item is read from a
    zero state for each item.
    """
    opened = network(store, run, snapshot)
    measured = opened.evaluate(part, corpus=corpus or "")
    text = library().entry(corpus or opened.config.corpus)
    result = {
        "run": opened.run.id,
        "snapshot": snapshot,
        "corpus": text.name,
        "split": part,
        "loss": measured.loss,
        "bits_per_character": bits_per_character(measured.loss),
        "perplexity": perplexity(measured.loss),
        "accuracy": measured.accuracy,
        "characters": measured.characters,
    }
    show(
        result,
        as_json,
        f"{measured.loss:.4f} nats per character ({result['bits_per_character']:.4f} bits, "
        f"perplexity {result['perplexity']:.3f}), {measured.accuracy:.1%} right, over "
        f"{measured.characters:,} characters of the {part} part of {text.title}.",
    )
