"""The run that somebody means: by its id, by the path to its folder, or by part of its name."""

from __future__ import annotations

import difflib
from pathlib import Path

from rnnlab.runs.errors import RunError, RunNotFound
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore

_MAX_LISTED = 8  # names in one sentence


def find_run(store: RunStore, named: str) -> Run:
    """The run of a store with this id, or else at this path, or else the only one this fits.

    A short name fits the runs whose id ends in it after the folder, such as `shakespeare-lstm`, or
    that are called so; where there is none, those whose ids or names hold it.

    Raises:
        RunNotFound: nothing fits; the sentence names what is nearest.
        RunError: several runs fit.
        BrokenRun: it is there, but what it is cannot be read.
    """
    known = store.ids()
    if named in known:
        return store.open(named)
    if (Path(named) / "config.json").is_file():
        return _at(store, Path(named).resolve())
    fits = _fits(store, known, named)
    if len(fits) == 1:
        return store.open(fits[0])
    if fits:
        more = len(fits) - _MAX_LISTED
        listed = ", ".join(fits[:_MAX_LISTED]) + (f" and {more} more" if more > 0 else "")
        raise RunError(f"'{named[:60]}' fits several runs: {listed}; write out which one.")
    raise RunNotFound(_nothing_fits(known, named))


def _at(store: RunStore, folder: Path) -> Run:
    """The run in a folder, of this store or of none."""
    if folder.is_relative_to(store.root):
        run_id = folder.relative_to(store.root).as_posix()
        if run_id in store.ids():
            return store.open(run_id)
    return Run(folder.name, folder, read_only=True)


def _fits(store: RunStore, known: list[str], named: str) -> list[str]:
    wanted = " ".join(named.casefold().split())
    if not wanted:
        return []
    names = {run.id: " ".join(run.name.casefold().split()) for run in store.runs()}
    whole = [i for i in known if wanted in (i.rpartition("/")[2], names.get(i))]
    return whole or [i for i in known if wanted in i or wanted in names.get(i, "")]


def _nothing_fits(known: list[str], named: str) -> str:
    """What is said of a name of no run: the nearest there are, or what can be given."""
    short = {each.rpartition("/")[2]: each for each in known}
    near = difflib.get_close_matches(named, [*known, *short], n=3)
    named = named[:60]
    if not near:
        return f"There is no run '{named}' here: give an id that `runs` lists, or a run's folder."
    listed = " or ".join(dict.fromkeys(short.get(each, each) for each in near))
    return f"There is no run '{named}' here; did you mean {listed}?"
