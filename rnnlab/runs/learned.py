"""Whether a run learned from a text that it is judged on."""

from __future__ import annotations

import numpy as np

from rnnlab.runs.run import Run
from rnnlab.runs.source_text import corpus_of
from rnnlab.text.corpus import CorpusError
from rnnlab.text.library import CorpusLibrary
from rnnlab.text.split import Part
from rnnlab.training.splitting import split_of

_PROBES = 40  # pieces of the text that are looked up
_PIECE = 60  # characters: so long a piece is hardly the same by chance


def share_learned(run: Run, library: CorpusLibrary, text: str) -> float | None:
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
