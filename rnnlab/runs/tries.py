"""Throw-away runs, one started after the other while somebody moves a slider."""

from __future__ import annotations

from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.training.config import RunConfig
from rnnlab.training.wording import changes_text

LONGEST = 20  # more than the store keeps
FIRST = "the first try"


def create_try(
    store: RunStore, config: RunConfig, previous: Run | None = None, *, corpus_sha256: str = ""
) -> Run:
    """Make a throw-away run that is called after what was changed since the one before it.

    Args:
        previous: the try it follows; None when it is the first of a series.
    Raises:
        OSError: the disk is full.
    """
    changed = changes_text(previous.config, config) if previous else ""
    run = store.create(
        config,
        name=changed or FIRST,
        note=previous.id if previous else "",  # the thread that holds a series together
        corpus_sha256=corpus_sha256,
        scratch=True,
    )
    return run


def earlier_tries(store: RunStore, run: Run) -> list[Run]:
    """The tries before a throw-away run, latest first; as far back as they are kept."""
    found: list[Run] = []
    while run.is_scratch and run.note and len(found) < LONGEST:
        try:
            run = store.open(run.note)
        except RunError:
            break
        if not run.is_scratch or run in found:
            break
        found.append(run)
    return found
