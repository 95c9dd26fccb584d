"""`evaluate`: the loss of a trained network over a whole text."""

from __future__ import annotations

import click

from rnnlab.commands.shared import json_option, library, runs_option, show, snapshot_option
from rnnlab.network.losses import bits_per_character, perplexity
from rnnlab.runs.store import RunStore
from rnnlab.training.evaluation import evaluate as evaluate_batches
from rnnlab.training.evaluation import evaluation_batches
from rnnlab.training.tasks.base import split_of


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
    opened = store.open(run)
    config = opened.config
    text = library().load(corpus or config.corpus)
    split = split_of(config.replace(max_characters=0) if corpus else config, text)
    chosen = split.validation if part == "validation" else split.test
    if len(chosen.text) < 2:
        raise click.UsageError(
            f"The {part} part of '{text.name}' has nothing to predict with the shares of this run; "
            "evaluate the other part."
        )
    batches = evaluation_batches(chosen, opened.vocabulary(), config)
    measured = evaluate_batches(opened.model(snapshot), batches)
    result = {
        "run": opened.id,
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
