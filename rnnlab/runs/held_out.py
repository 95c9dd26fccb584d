"""Text that a run did not learn from, to look at what it finds hard."""

from __future__ import annotations

from rnnlab.runs.run import Run
from rnnlab.runs.source_text import SourceText, corpus_of
from rnnlab.text.corpus import CorpusError
from rnnlab.text.library import CorpusLibrary
from rnnlab.training.splitting import split_of

MOST = 50_000  # characters: enough for a mean, and read within a second


def held_out(run: Run, library: CorpusLibrary) -> SourceText | None:
    """The beginning of the validation part of a run's corpus; None when there is none here.

    Nothing is fetched.

    Raises:
        RunError: the vocabulary is not stored yet, or damaged.
    """
    config, vocabulary = run.config, run.vocabulary()
    try:
        if not library.is_here(config.corpus):
            return None
        corpus = corpus_of(run, library)
        split = split_of(config, corpus)
    except CorpusError:
        return None
    text = vocabulary.kept(split.validation.text[:MOST])
    if len(text) < 2:
        return None
    return SourceText(text, f"the validation part of {corpus.title}", "", is_corpus=True)
