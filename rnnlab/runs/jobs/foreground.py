"""Trains one run while somebody waits for it, with a bar: for the command line and notebooks."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from tqdm import tqdm

from rnnlab.folders import data_folder
from rnnlab.runs.jobs.manager import JobManager
from rnnlab.runs.run import Run
from rnnlab.runs.status import Status
from rnnlab.runs.store import RunStore
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.training.config import RunConfig
from rnnlab.training.planning import notes, warnings
from rnnlab.training.tasks import make_task

_LOOK_EVERY = 0.25  # seconds


def say_remarks(config: RunConfig) -> None:
    """Refuse what cannot be trained before there is a run, and say what looks wrong.

    Raises:
        CorpusError, ConfigError: there is no such text, or the settings do not fit it.
    """
    task = make_task(config, CorpusLibrary(data_folder()).load(config.corpus))
    for sentence in warnings(task):
        _say(f"Warning: {sentence}")
    for sentence in notes(task):
        _say(f"Note: {sentence}")


def train_in_foreground(store: RunStore, config: RunConfig, name: str) -> Run:
    """Make a run and train it in a worker process, as the app does; return when it has ended.

    Ctrl-C stops the worker, which saves first; the run is kept as interrupted, and can go on.

    Args:
        name: what to call it; "" for its id.
    """
    corpus = CorpusLibrary(data_folder()).load(config.corpus)
    run = store.create(config, name=name, corpus_sha256=corpus.sha256)
    _say(f"Run {run.id} in {run.folder}")
    jobs = JobManager(store.root, data_folder(), keep_spare=False)
    try:
        jobs.submit(run.id)
        with tqdm(total=100, bar_format="{l_bar}{bar}| {elapsed}{postfix}") as bar:
            for status in _until_over(run):
                bar.set_postfix_str(_progress(status), refresh=False)
                bar.update(round(100 * status.progress) - bar.n)
    except KeyboardInterrupt:
        _say(f"Run {run.id} is stopped and kept; Resume in the app lets it go on.")
        raise
    finally:
        jobs.close()
    return run


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _until_over(run: Run) -> Iterator[Status]:
    while (status := run.status()).is_active:
        yield status
        time.sleep(_LOOK_EVERY)
    yield status


def _progress(status: Status) -> str:
    parts = [f"update {status.step:,}"]
    if status.train_loss is not None:
        parts.append(f"train {status.train_loss:.3f}")
    if status.val_loss is not None:
        parts.append(f"validation {status.val_loss:.3f}")
    if status.characters_per_second is not None:
        parts.append(f"{status.characters_per_second:,.0f} characters/s")
    return ", ".join(parts)
