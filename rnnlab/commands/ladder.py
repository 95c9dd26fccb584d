"""`ladder`: how good counting characters is on the text a run was measured on."""

from __future__ import annotations

import click

from rnnlab.commands.shared import json_option, library, network, runs_option, show, table
from rnnlab.inspection.ngram_ladder import counted, measured
from rnnlab.network.losses import bits_per_character, perplexity
from rnnlab.runs.files import replace_json
from rnnlab.runs.run import LADDER
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import corpus_of
from rnnlab.text.baselines import effective_order


@click.command()
@click.argument("run")
@click.option("--keep", is_flag=True, help="Store it with the run, for computers without the text.")
@runs_option
@json_option
def ladder(run: str, keep: bool, store: RunStore, as_json: bool) -> None:
    """Losses of n-gram models, counted on the training part of RUN and scored on the others."""
    opened = network(store, run).run
    if not opened.writes_text:
        raise click.UsageError(f"Run '{opened.name}' does not predict the next character.")
    config, vocabulary = opened.config, opened.vocabulary()
    corpus = corpus_of(opened, library())
    found = measured(counted(config, corpus, vocabulary), config, corpus, vocabulary)
    if keep:
        replace_json(opened.folder / LADDER, found.to_json())
    loss = opened.status().val_loss
    rungs = found.validation
    order = effective_order(loss, rungs) if loss is not None and rungs else None
    result = {"run": opened.id, "loss": loss, "effective_order": order, **found.to_json()}
    lines = [["N", "VALIDATION", "TEST", "BITS", "PERPLEXITY"]]
    for n, nats in enumerate(found.validation):
        test = f"{found.test[n]:.3f}" if found.test else ""
        units = (f"{bits_per_character(nats):.3f}", f"{perplexity(nats):.2f}")
        lines.append([str(n), f"{nats:.3f}", test, *units])
    show(result, as_json, table(lines))
