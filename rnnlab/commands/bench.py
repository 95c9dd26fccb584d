"""`bench`: measures on this machine what RNN Lab claims about its speed."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from typing import Any

import click

from rnnlab.commands.shared import json_option, show, table


@click.command()
@click.argument("names", nargs=-1, metavar="[ROW]…")
@json_option
def bench(names: tuple[str, ...], as_json: bool) -> None:
    """Measure speeds side by side with a peer: all rows, or those named."""
    known = _known()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"There is no row '{unknown[0]}'; the rows are {', '.join(known)}.")
    rows = []
    for name in names or known:
        click.echo(f"Measuring {name} …", err=True)
        rows.append(asdict(known[name]()))
    lines = [["ROW", "VALUE", "UNIT", "PEER", "PEER VALUE"]]
    for row in rows:
        values = (f"{row['value']:.4g}", row["unit"], row["peer"], f"{row['peer_value']:.4g}")
        lines.append([row["name"], *values])
    show({"rows": rows}, as_json, table(lines))


def _known() -> dict[str, Any]:
    """The benchmarks stand beside the package, not in it, since they compare it with others."""
    try:
        return importlib.import_module("benchmarks.rows").ROWS
    except ModuleNotFoundError as error:
        if error.name != "benchmarks":
            raise
        raise click.UsageError(
            "The folder benchmarks/ was not found; run this from the folder that holds app.py."
        ) from None
