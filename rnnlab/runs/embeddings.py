"""A run whose weights show what a corpus' characters have become."""

from __future__ import annotations

from rnnlab.runs.errors import RunError
from rnnlab.runs.run import Run
from rnnlab.runs.store import RunStore
from rnnlab.text.vocabulary import Vocabulary


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


def _has_weights(run: Run) -> bool:
    return any((run.folder / "weights").glob("*.safetensors"))
