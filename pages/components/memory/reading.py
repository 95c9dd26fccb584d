"""What the page Memory, measured computes: the loss of a network by how much it may read."""

from __future__ import annotations

from functools import lru_cache

from pages.components import ladders
from pages.components.networks import NetworkKey, load
from rnnlab.inspection.text_loss import MemoryLength, ladder_there, memory_length, needed
from rnnlab.runs.run import Run
from rnnlab.runs.texts import SourceText


@lru_cache(maxsize=32)
def measured(key: NetworkKey, text: str) -> MemoryLength:
    """The memory of a network on a text; kept, for a page script forgets what it computed."""
    known = load(key)
    kept = known.vocabulary.kept(text)[: needed() + 1]
    return memory_length(known.model, known.vocabulary.encode(kept))


def ladder_losses(run: Run, source: SourceText) -> tuple[float, ...]:
    """The n-gram models of the run's training part on the same characters; () without them."""
    if not (source.is_corpus and ladders.can_be_counted(run)):
        return ()
    try:
        models = ladders.models(run)
    except (ValueError, OSError):
        return ()
    return ladder_there(models, run.vocabulary().encode(source.text[: needed() + 1]))
