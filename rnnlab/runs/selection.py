"""Which run to show where none is chosen, a run's snapshots, and the scratch runs before one.

Also a run whose weights show what the characters of a corpus have become, what runs are called
in a list, and what is in a store right now, in a few numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.snapshots import spread_steps
from rnnlab.network.cells import CELLS
from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.status import AT_WORK
from rnnlab.runs.store import RunStore
from rnnlab.runs.weights import SUFFIX
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.labels import changes_text


def run_to_show(store: RunStore) -> Run | None:
    """The newest run at work, else the newest of all, else one that ships; None without any."""
    runs = store.runs()  # newest first, then the gallery
    active = (run for run in runs if run.is_active)
    return next(active, runs[0] if runs else None)


def run_labels(runs: Iterable[Run]) -> dict[str, str]:
    """What each run is called in a list, by id; no two alike, as a list box must tell them apart.

    Runs of one name are told apart by the end of their ids.
    """
    labels = {run.id: _label(run) for run in runs}
    often = Counter(labels.values())
    return {
        run_id: label if often[label] == 1 else f"{label} · {run_id.rpartition('-')[2]}"
        for run_id, label in labels.items()
    }


def _label(run: Run) -> str:
    if run.is_scratch:
        return f"Try: {run.name}"
    return f"{run.name} · {run.id.partition('/')[0]}" if run.read_only else run.name


def short_names(shown: Sequence[Run], labels: Mapping[str, str]) -> dict[str, str]:
    """What runs are called in a figure, by id: by name where only one of them has it, else by
    their labels, see `run_labels`."""
    often = Counter(run.name for run in shown)
    return {run.id: run.name if often[run.name] == 1 else labels[run.id] for run in shown}


def gallery_on_its_text(run: Run, runs: Iterable[Run]) -> list[Run]:
    """Those of some runs that are in the gallery and learned from the same text as this one."""
    return [
        each for each in runs if _is_in_gallery(each) and each.config.corpus == run.config.corpus
    ]


def run_to_compare(run: Run, offered: Sequence[Run]) -> Run:
    """The gallery run after this one on the same corpus, else any on it, else the run itself.

    Args:
        offered: the runs to choose from, this one among them.
    """
    place = [each.id for each in offered].index(run.id)
    after = [*offered[place + 1 :], *offered[:place]]
    same_text = [each for each in after if each.config.corpus == run.config.corpus]
    return min(same_text, key=lambda each: not _is_in_gallery(each), default=run)


def _is_in_gallery(run: Run) -> bool:
    return run.id.startswith("gallery/")


def default_run(store: RunStore) -> Run | None:
    """A trained run worth looking at: from the gallery, else the newest; None when there is none.

    Only runs that predict the next character and have weights and a vocabulary are taken.
    """
    gallery = sorted(store.gallery(), key=_rank)
    for run in [*gallery, *(run for run in store.runs() if not run.read_only)]:
        if _can_be_shown(run):
            return run
    return None


def _rank(run: Run) -> tuple[int, int, str]:
    """The best writers first: cells with more gates, then in the order of CELLS."""
    cell = run.config.cell
    return (-CELLS[cell].blocks, list(CELLS).index(cell), run.id)


def _can_be_shown(run: Run) -> bool:
    if not run.writes_text or not (run.folder / "vocabulary.json").exists():
        return False
    return _has_weights(run)


def _has_weights(run: Run) -> bool:
    return any((run.folder / "weights").glob(f"*{SUFFIX}"))


def passage(run: Run, length: int) -> str:
    """Something that a run wrote itself, "" when it has not written anything.

    Whole lines as far as they fit, from what it wrote at its end, else its latest sample.
    """
    text = run.written()
    if not text:
        samples = run.samples()
        text = samples[-1].text if samples else ""
    piece = text[:length]
    whole = piece.rpartition("\n")[0] if len(text) > length else piece
    return (whole or piece).strip("\n")


def run_on_corpus(store: RunStore, corpus: str, vocabulary: Vocabulary) -> Run | None:
    """A trained run on a corpus that knows these very characters; None when there is none.

    Runs with a learned embedding come first, then the newest.
    """
    runs = [run for run in store.runs() if run.config.corpus == corpus]
    for run in sorted(runs, key=lambda run: run.config.embedding_size == 0):
        try:
            if run.vocabulary() == vocabulary and _has_weights(run):
                return run
        except RunError:
            continue
    return None


@dataclass(frozen=True)
class Overview:
    """Runs by what they are and what they do."""

    own: int
    gallery: int
    training: tuple[Run, ...]  # those that a process works on, scratch runs among them
    waiting: int


def overview(store: RunStore) -> Overview:
    """Count the runs of a store."""
    runs = store.runs()
    states = [(run, run.status().state) for run in (*runs, *store.runs(scratch=True))]
    gallery = sum(run.read_only for run in runs)
    return Overview(
        own=len(runs) - gallery,
        gallery=gallery,
        training=tuple(run for run, state in states if state in AT_WORK),
        waiting=sum(state == "queued" for _, state in states),
    )


MAX_SNAPSHOTS = 32  # that are looked at together


@dataclass(frozen=True, order=True)
class Snapshot:
    """Weights after so many updates."""

    step: int
    name: str  # as `Run.model` takes it once numbers are turned into int


def snapshots(run: Run, most: int = MAX_SNAPSHOTS) -> list[Snapshot]:
    """Every stored snapshot, at most so many of them; of a run at work, those there are so far.

    The best and the last weights come in where no snapshot of the same update exists.
    """
    found = {step: str(step) for step in run.snapshots()}
    if not run.is_active:  # of a run at work these change while they are read
        for step, name in ((run.status().step, "last"), (_best_step(run), "best")):
            if step is not None and (run.folder / "weights" / f"{name}{SUFFIX}").exists():
                found.setdefault(step, name)
    return [Snapshot(step, found[step]) for step in spread_steps(sorted(found), most)]


def _best_step(run: Run) -> int | None:
    """After which update the validation loss was lowest; None when it was never measured."""
    columns = run.metrics()
    losses = columns["val_loss"]
    if not np.isfinite(losses).any():
        return None
    return int(columns["step"][np.nanargmin(losses)])


MAX_EARLIER_SCRATCH_RUNS = 20  # more than the store keeps
FIRST_SCRATCH_NAME = "the first try"


def create_scratch_run(
    store: RunStore, config: RunConfig, previous: Run | None = None, *, corpus_sha256: str = ""
) -> Run:
    """Make a scratch run that is called after what was changed since the one before it.

    Args:
        previous: the run it follows; None when it is the first of a series.
    Raises:
        OSError: the disk is full.
    """
    changed = changes_text(previous.config, config) if previous else ""
    return store.create(
        config,
        name=changed or FIRST_SCRATCH_NAME,
        note=previous.id if previous else "",  # the thread that holds a series together
        corpus_sha256=corpus_sha256,
        scratch=True,
    )


def earlier_scratch_runs(store: RunStore, run: Run) -> list[Run]:
    """The scratch runs before one, latest first; as far back as they are kept."""
    found: list[Run] = []
    while run.is_scratch and run.note and len(found) < MAX_EARLIER_SCRATCH_RUNS:
        try:
            run = store.open(run.note)
        except RunError:
            break
        if not run.is_scratch or run in found:
            break
        found.append(run)
    return found
