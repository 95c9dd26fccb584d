"""`findings`: which unit of a run follows which feature of the text."""

from __future__ import annotations

import click

from rnnlab.commands.shared import json_option, library, network, runs_option, show, table
from rnnlab.inspection.units.search import UnitFinding, findings_of
from rnnlab.runs.results import store_findings
from rnnlab.runs.store import RunStore
from rnnlab.runs.texts import corpus_of, held_out
from rnnlab.text.features import FEATURES, feature_named


@click.command()
@click.argument("run")
@click.option(
    "--feature",
    "names",
    multiple=True,
    help="What to look for; may be given more than once. Without it, everything there is.",
)
@click.option("--keep", is_flag=True, help="Store it with the run: the app shows it.")
@runs_option
@json_option
def findings(run: str, names: tuple[str, ...], keep: bool, store: RunStore, as_json: bool) -> None:
    """The best unit of RUN for each feature, on text it did not learn from, beside chance."""
    opened = network(store, run).run
    if not opened.writes_text:
        raise click.UsageError(
            f"Run '{opened.name}' is no character RNN that writes on from a text, so its units are "
            "not compared here."
        )
    corpus_of(opened, library())  # says what is missing, and how to get it
    unseen = held_out(opened, library())
    if unseen is None:
        raise click.UsageError(f"There is no text here that '{opened.name}' did not learn from.")
    model, vocabulary = opened.model("best"), opened.vocabulary()
    found, refused = [], []
    for feature in [feature_named(name) for name in names] or FEATURES:
        try:
            found += findings_of(model, vocabulary, unseen.text, [feature])
        except ValueError as error:
            if names:
                raise
            refused.append(str(error))
    if not found:
        raise click.UsageError(refused[0])
    if keep:
        store_findings(opened, found)
    result = {"run": opened.id, "findings": [each.to_json() for each in found]}
    rows = [["FEATURE", "UNIT", "R", "BY CHANCE", "AUC", "CHARACTERS"], *map(_row, found)]
    show(result, as_json, "\n".join([table(rows), *refused]))


def _row(found: UnitFinding) -> list[str]:
    area = "" if found.auc is None else f"{found.auc:.3f}"
    numbers = (f"{found.r:+.3f}", f"{found.by_chance:.3f}", area, f"{found.characters:,}")
    return [found.feature, found.what.title, *numbers]
