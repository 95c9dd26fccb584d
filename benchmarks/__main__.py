"""`python -m benchmarks`: measures on this machine what RNN Lab claims about its speed."""

from __future__ import annotations

from dataclasses import asdict

import click

from benchmarks.rows import ROWS
from rnnlab.commands.shared import json_option, show, table


@click.command()
@click.argument("names", nargs=-1, metavar="[ROW]…")
@json_option
def main(names: tuple[str, ...], as_json: bool) -> None:
    """Measure speeds side by side with a peer: all rows, or those named."""
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        raise click.UsageError(f"There is no row '{unknown[0]}'; the rows are {', '.join(ROWS)}.")
    rows = []
    for name in names or ROWS:
        click.echo(f"Measuring {name} …", err=True)
        rows.append(asdict(ROWS[name]()))
    lines = [["ROW", "VALUE", "UNIT", "PEER", "PEER VALUE"]]
    for row in rows:
        values = (f"{row['value']:.4g}", row["unit"], row["peer"], f"{row['peer_value']:.4g}")
        lines.append([row["name"], *values])
    show({"rows": rows}, as_json, table(lines))


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
