"""`corpora`: the texts there are, and fetching one."""

from __future__ import annotations

from dataclasses import asdict

import click
from tqdm import tqdm

from rnnlab.commands.shared import json_option, library, say_where, show, table
from rnnlab.text.corpora.library import CorpusLibrary


@click.command()
@click.option("--fetch", metavar="NAME", help="Fetch this corpus first, if it is not here.")
@json_option
def corpora(fetch: str | None, as_json: bool) -> None:
    """List the corpora that networks can be trained on."""
    say_where()
    known = library()
    if fetch:
        _fetch(known, fetch)
    rows = [{**asdict(entry), "here": known.is_here(entry.name)} for entry in known.entries()]
    lines = [["NAME", "CHARACTERS", "HERE", "TITLE"]]
    for row in rows:
        here = "yes" if row["here"] else "no"
        lines.append([row["name"], f"{row['size']:,}", here, row["title"]])
    show({"corpora": rows}, as_json, table(lines))


def _fetch(known: CorpusLibrary, name: str) -> None:
    known.entry(name)  # refused before there is a bar
    with tqdm(unit="B", unit_scale=True, desc=name, leave=False, disable=None) as bar:

        def progress(so_far: int, in_all: int) -> None:
            bar.total = in_all
            bar.update(so_far - bar.n)

        known.load(name, progress)
