"""What all commands have in common: their options, their output, and how they refuse bad input."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from rnnlab.api import TrainedNetwork
from rnnlab.api import open as open_network
from rnnlab.folders import data_folder, is_checkout, runs_folder
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary


class OneSentenceGroup(click.Group):
    """A group of commands that answers bad input with one sentence and exit status 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; the status of a refusal is 2, that of a run that failed 1."""
        kwargs["standalone_mode"] = False
        _print_what_can_be_printed()
        try:
            raise SystemExit(super().main(*args, **kwargs) or 0)
        except click.exceptions.NoArgsIsHelpError as error:  # no command at all
            click.echo(error.format_message())
            raise SystemExit(0) from None
        except click.exceptions.Abort:
            self._refuse("Stopped.", 130)
        except click.ClickException as error:
            self._refuse(error.format_message(), error.exit_code)
        except (ValueError, OSError) as error:
            self._refuse(str(error), 2)

    def _refuse(self, sentence: str, status: int) -> None:
        click.echo(" ".join(sentence.split()), err=True)
        raise SystemExit(status)


def _print_what_can_be_printed() -> None:
    """A terminal or pipe that knows fewer characters than texts have gets codes for the others."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class RunFailed(click.ClickException):
    """A run that was started well and ended badly."""

    exit_code = 1


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--json`: the result as one JSON object on the last line."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object as the last line."
    )(command)


def runs_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--runs FOLDER`: the store to work on."""
    return click.option(
        "--runs",
        "store",
        metavar="FOLDER",
        callback=lambda _context, _option, value: RunStore(_folder(value)),
        help="Folder of runs; without it RNNLAB_RUNS, or checkpoints/ (see `runs`).",
    )(command)


def network(store: RunStore, run: str, snapshot: int | str = "last") -> TrainedNetwork:
    """The network that RUN names: an id, the path to its folder, or what fits one run."""
    return open_network(run, snapshot, runs=store.root)


def snapshot_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--snapshot`: which of a run's stored weights."""
    return click.option(
        "--snapshot",
        default="last",
        show_default=True,
        callback=lambda _context, _option, value: _snapshot(value),
        help="Which stored weights: 'last', 'best', or a number of updates.",
    )(command)


def say_where() -> None:
    """Outside of a checkout, where nobody expects a certain folder, say which one it is."""
    if not is_checkout():
        click.echo(f"Runs are kept in {runs_folder()}, corpora in {data_folder()}.", err=True)


def library() -> CorpusLibrary:
    """The corpora that commands read."""
    return CorpusLibrary(data_folder())


def show(result: dict[str, Any], as_json: bool, text: str) -> None:
    """Print a result: for people, or as one line of JSON, in ASCII, in which NaN is null."""
    click.echo(json.dumps(_plain(result)) if as_json else text)


def table(rows: list[list[str]]) -> str:
    """Columns aligned with spaces."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))] if rows else []
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _folder(value: str | None) -> Path:
    folder = Path(value) if value else runs_folder()
    if not value:
        say_where()
    if folder.exists() and not folder.is_dir():
        raise click.BadParameter(f"'{folder}' is a file; name a folder of runs.")
    return folder


def _snapshot(value: str) -> int | str:
    return int(value) if value.isdecimal() and len(value) < 16 else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
