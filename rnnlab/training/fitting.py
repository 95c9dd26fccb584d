"""A batch that fits a text that is too short for the chosen one."""

from __future__ import annotations

from collections.abc import Iterator

from rnnlab.text.corpus import Corpus, CorpusError
from rnnlab.training.config import RunConfig
from rnnlab.training.tasks import prepare

_SHARE = 0.1  # of the training text in one update, at most
_SHAPE = 8  # rows are halved as long as there is more than one for eight characters of length


def fitting(config: RunConfig, corpus: Corpus) -> RunConfig | None:
    """The same run with a smaller batch, of which an epoch has ten or more.

    None when nothing is wrong with the batch: it is small enough, or none helps.
    """
    if _is_small(config, corpus):
        return None
    for batch_size, seq_length in _smaller(config):
        smaller = config.changed(batch_size=batch_size, seq_length=seq_length)
        if _is_small(smaller, corpus):
            return smaller
    return None


def _is_small(config: RunConfig, corpus: Corpus) -> bool:
    """Whether one update reads at most a tenth of the training text; not when it cannot read."""
    try:
        task = prepare(config, corpus)
    except CorpusError:
        return False
    return task.batcher.characters_per_update <= _SHARE * len(task.split.training.text)


def _smaller(config: RunConfig) -> Iterator[tuple[int, int]]:
    """Ever smaller batch sizes and sequence lengths; of items, which have their own, only sizes."""
    rows, length = config.batch_size, config.seq_length
    if config.batching == "shifted" and rows > 1:
        rows = 1
        yield rows, length
    while rows > 1 or (length > 1 and config.batching != "items"):
        if rows > 1 and (rows * _SHAPE > length or config.batching == "items"):
            rows //= 2
        else:
            length //= 2
        yield rows, length
