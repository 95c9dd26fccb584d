"""A text that a run can read: its corpus, or what it wrote itself."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.runs.run import Run
from rnnlab.text.corpus import Corpus, CorpusError
from rnnlab.text.library import CorpusLibrary


@dataclass(frozen=True)
class SourceText:
    """A text in characters that the network knows, and what must be said about it."""

    text: str  # "" when there is none
    title: str  # "Tiny Shakespeare"
    note: str  # what differs from the corpus as it was trained on; "" for nothing
    is_corpus: bool


def corpus_of(run: Run, library: CorpusLibrary) -> Corpus:
    """The text that a run learned from.

    Raises:
        CorpusError: it is not here, or another text of this name is.
    """
    corpus = library.load(run.config.corpus)
    if run.corpus_sha256 not in ("", corpus.sha256):
        raise CorpusError(
            f"The text '{run.config.corpus}' here is not the one that run '{run.name}' learned "
            "from; put the right one in its place."
        )
    return corpus


def source_text(run: Run, library: CorpusLibrary) -> SourceText:
    """The corpus of a run where it is here, else the characters that the run wrote itself.

    Nothing is fetched. Characters that the network never saw are left out.

    Raises:
        RunError: the vocabulary is not stored yet, or damaged.
    """
    vocabulary = run.vocabulary()
    try:
        corpus = library.load(run.config.corpus) if library.is_here(run.config.corpus) else None
    except CorpusError:
        corpus = None
    if corpus is None:
        return _written(run)
    known = vocabulary.kept(corpus.text)
    notes = []
    if run.corpus_sha256 and run.corpus_sha256 != corpus.sha256:
        notes.append("The text of this name here is not the one this run was trained on.")
    if len(known) < len(corpus.text):
        notes.append(
            f"{len(corpus.text) - len(known):,} characters of it were left out, because the "
            "network never saw them in training."
        )
    return SourceText(known, corpus.title, " ".join(notes), is_corpus=True)


def _written(run: Run) -> SourceText:
    text = run.vocabulary().kept(run.written())
    absent = f"The corpus '{run.config.corpus}' is not on this computer"
    if text:
        note = f"{absent}, so this is what the run wrote itself when its training ended."
    else:
        note = f"{absent}, and the run has not written a text of its own; type one instead."
    return SourceText(text, "what the run wrote itself", note, is_corpus=False)
