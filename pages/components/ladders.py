"""The ladder of n-gram models of a run: shipped with it, or counted once while the page goes on."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

from pages.components import services
from rnnlab.inspection.ngram_ladder import Ladder, counted, measured
from rnnlab.runs.run import Run
from rnnlab.runs.texts import corpus_of
from rnnlab.text.baselines import NgramLadder

_MAX_LADDERS = 32  # ladders that are remembered


@dataclass(frozen=True)
class _Division:
    """A corpus and how it is divided: runs that share these share the ladder."""

    corpus: tuple[str, str]  # name and checksum
    max_characters: int
    shares: tuple[float, float]
    drops_duplicates: bool
    seed: int  # of the order in which a list is divided
    by_item: bool
    run: Run = field(compare=False)  # one of them


_counting = ThreadPoolExecutor(1, "n-grams")
_asked: dict[_Division, Future[Ladder | None]] = {}
_lock = threading.Lock()


def ladder(run: Run) -> Ladder | None:
    """The ladder of a run; None while it is counted, and where its text is not here."""
    shipped = run.ladder()
    if shipped is not None or not can_be_counted(run):
        return shipped
    division = _division(run)
    with _lock:
        if division not in _asked:
            while len(_asked) >= _MAX_LADDERS:
                _asked.pop(next(iter(_asked)))
            _asked[division] = _counting.submit(_quietly, division)
        counting = _asked[division]
    return counting.result() if counting.done() else None


def can_be_counted(run: Run) -> bool:
    """Whether the text that the run learned from is on this computer."""
    has_vocabulary = (run.folder / "vocabulary.json").exists()
    return run.writes_text and has_vocabulary and services.library().is_here(run.config.corpus)


def models(run: Run) -> NgramLadder:
    """The models themselves, to write with; a million characters are counted in a second or two.

    Raises:
        CorpusError: the text is not here, or another one.
        RunError: the vocabulary of the run cannot be read.
    """
    corpus_of(run, services.library())  # counted before or not, it must be the text of this run
    return _models(_division(run))


def _division(run: Run) -> _Division:
    c = run.config
    return _Division(
        corpus=(c.corpus, run.corpus_sha256),
        max_characters=c.max_characters,
        shares=(c.train_share, c.validation_share),
        drops_duplicates=c.drop_duplicates,
        seed=c.seed,
        by_item=c.batching == "items",
        run=run,
    )


def _quietly(division: _Division) -> Ladder | None:
    run = division.run
    try:
        return measured(
            _models(division), run.config, corpus_of(run, services.library()), run.vocabulary()
        )
    except (ValueError, OSError):  # a chart does without it
        return None


@lru_cache(maxsize=4)
def _models(division: _Division) -> NgramLadder:
    run = division.run
    return counted(run.config, corpus_of(run, services.library()), run.vocabulary())
