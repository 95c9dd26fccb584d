"""The texts of a run: its corpus, its held-out part, its final sample, its training overlap.

The final sample is what a finished network leaves behind, so that its pages work without the
corpus; the training overlap is how much of a text a run learned from. Nothing is fetched.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.sampling import sample
from rnnlab.runs.run import Run
from rnnlab.text.corpora.corpus import Corpus, CorpusError
from rnnlab.text.corpora.library import CorpusLibrary
from rnnlab.text.split import Part
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.tasks.base import split_of


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


MAX_HELD_OUT_CHARACTERS = 50_000  # enough for a mean, and read within a second


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
    text = vocabulary.kept(split.validation.text[:MAX_HELD_OUT_CHARACTERS])
    if len(text) < 2:
        return None
    return SourceText(text, f"the validation part of {corpus.title}", "", is_corpus=True)


_PROBES = 40  # pieces of the text that are looked up
_PIECE = 60  # characters: so long a piece is hardly the same by chance


def training_overlap(run: Run, library: CorpusLibrary, text: str) -> float | None:
    """How much of a text stands word for word in what a run was trained on; None if unknown.

    Judged by pieces of 60 characters from all over the text; of a list, by its lines. Nothing is
    fetched.
    """
    try:
        if not library.is_here(run.config.corpus):
            return None
        training = split_of(run.config, corpus_of(run, library)).training
    except CorpusError:
        return None
    return share_in(training, text)


def share_in(part: Part, text: str) -> float:
    """The same, of a part of a corpus."""
    if part.items is not None:
        known, lines = set(part.items), [line for line in text.split("\n") if line]
        return sum(line in known for line in lines) / max(len(lines), 1)
    starts = np.linspace(0, max(len(text) - _PIECE, 0), _PROBES).astype(int).tolist()
    pieces = {text[start : start + _PIECE] for start in starts}
    return sum(piece in part.text for piece in pieces) / len(pieces)


MAX_FINAL_SAMPLE_CHARACTERS = 20_000
FINAL_SAMPLE_TEMPERATURE = 0.8  # a little more careful than it learned, as people usually read it
_LOOK_AT_CLOCK = 250  # characters


def final_sample(
    model: CharRNN, vocabulary: Vocabulary, seconds: float, seed: int, item_end: int | None = None
) -> str:
    """Up to 20,000 characters that the network writes within a time limit.

    It starts as if after a line end, or after the first character it knows.

    Args:
        item_end: see `sample`.
    """
    prime = vocabulary.encode(vocabulary.opening())
    rng = np.random.default_rng(seed)
    end = time.monotonic() + seconds
    ids: list[int] = []
    temperature = FINAL_SAMPLE_TEMPERATURE
    for choice in sample(model, prime, temperature=temperature, rng=rng, item_end=item_end):
        ids.append(choice.id)
        timed_out = len(ids) % _LOOK_AT_CLOCK == 0 and time.monotonic() > end
        if len(ids) == MAX_FINAL_SAMPLE_CHARACTERS or timed_out:
            break
    return vocabulary.decode(ids)
