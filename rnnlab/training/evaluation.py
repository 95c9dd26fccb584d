"""Loss and accuracy over a whole text: how it is read, and the sums that make the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rnnlab.network.char_rnn import Network
from rnnlab.network.losses import log_probability
from rnnlab.network.reading import stream_places
from rnnlab.text.batching import Batch
from rnnlab.text.split import Part
from rnnlab.text.vocabulary import Vocabulary
from rnnlab.training.config import RunConfig
from rnnlab.training.networks import BY_HAND

ITEMS_AT_ONCE = 128


@dataclass(frozen=True)
class Evaluation:
    """How well a text was predicted."""

    loss: float  # nats per character
    accuracy: float  # share of characters that were the likeliest one
    characters: int  # predicted and counted


class Score:
    """Adds up an evaluation batch by batch."""

    def __init__(self) -> None:
        self._loss = 0.0
        self._hits = 0
        self._characters = 0

    def add(self, loss_sum: float, hits: int, characters: int) -> None:
        """Count `characters` predictions that lost `loss_sum` nats together."""
        self._loss += loss_sum
        self._hits += hits
        self._characters += characters

    def result(self) -> Evaluation:
        """The means; NaN over nothing."""
        if not self._characters:
            return Evaluation(float("nan"), float("nan"), 0)
        n = self._characters
        return Evaluation(self._loss / n, self._hits / n, n)


def stream_batches(ids: np.ndarray, streams: int | None = None) -> Iterator[Batch]:
    """A text (N,) as batches of parallel streams, see `network.reading.stream_places`."""
    for places, counts, carry in stream_places(len(ids), streams):
        yield Batch(ids[places], ids[places + 1], carry=carry, mask=counts)


def item_batches(items: tuple[str, ...], vocabulary: Vocabulary) -> Iterator[Batch]:
    """A list read item by item from a zero state; each ends with a newline that is predicted.

    Items of like length share a batch, so that little is computed for the padding.
    """
    newline = vocabulary.encode("\n")[0]
    ordered = sorted(items, key=len)
    for start in range(0, len(ordered), ITEMS_AT_ONCE):
        group = ordered[start : start + ITEMS_AT_ONCE]
        block = np.full((len(group), len(group[-1]) + 2), newline)  # (B, T + 1)
        for row, item in enumerate(group):
            block[row, 1 : len(item) + 1] = vocabulary.encode(item)
        lengths = np.array([len(item) + 1 for item in group])[:, None]  # (B, 1)
        mask = np.arange(block.shape[1] - 1) < lengths  # (B, T)
        yield Batch(block[:, :-1], block[:, 1:], carry=False, mask=mask)


def evaluation_batches(part: Part, vocabulary: Vocabulary, config: RunConfig) -> Iterator[Batch]:
    """A part of a corpus as an evaluation reads it.

    Args:
        config: of the network. One that learned items reads them one by one, every other one text
            through which the state is carried. A network by hand has learned from one state that
            was never reset, and may fall into other patterns from a state of zeros in the middle of
            a text: it reads all in one stream.
    """
    if config.batching == "items" and part.items is not None:
        return item_batches(part.items, vocabulary)
    streams = 1 if config.model in BY_HAND else None
    return stream_batches(vocabulary.encode(part.text), streams)


def evaluate(model: Network, batches: Iterable[Batch]) -> Evaluation:
    """Loss and accuracy of a network over batches, in NumPy."""
    score = Score()
    state = None
    for batch in batches:
        tape = model.forward(batch.inputs, state if batch.carry else None)
        state = tape.final_state
        score.add(*score_batch(tape.logits, batch))
    return score.result()


def score_batch(logits: np.ndarray, batch: Batch) -> tuple[float, int, int]:
    """Summed loss, hits and number of the counted targets, for logits (B, T, V)."""
    counts = np.ones(batch.targets.shape, bool) if batch.mask is None else batch.mask
    chosen = log_probability(logits, batch.targets)
    hits = (logits.argmax(axis=-1) == batch.targets) & counts
    return -float(chosen[counts].sum(dtype=np.float64)), int(hits.sum()), int(counts.sum())
