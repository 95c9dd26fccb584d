"""A batch as a reader sees it: signs instead of ids, one row under the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.text.batching import Batch, Batcher
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary

BEFORE = 12  # characters shown of what a stream read in the batch before


@dataclass(frozen=True)
class BatchRow:
    """One sequence of a batch; each sign of `targets` is the answer to the sign above it."""

    before: str  # the last signs that this row read in the batch before; "" from a zero state
    inputs: str  # T visible signs
    targets: str  # T visible signs, the inputs shifted by one
    counted: tuple[bool, ...]  # whether a target counts; False for what only fills up the row


@dataclass(frozen=True)
class BatchView:
    """The first rows and columns of a batch, with what must be known to read it."""

    step: int  # counted from 0
    epoch: int  # counted from 1
    place: int  # in the epoch, counted from 1
    updates_per_epoch: int
    shape: tuple[int, int]  # (B, T) of the whole batch
    carry: bool  # the state goes on from the batch before
    targets_counted: int  # in the whole batch
    rows: tuple[BatchRow, ...]


def batch_view(
    batcher: Batcher, vocabulary: Vocabulary, step: int, *, rows: int, columns: int
) -> BatchView:
    """The batch of a step as signs.

    Args:
        step: counted from 0.
        rows, columns: show at most so many of its sequences and characters.
    """
    batch = batcher.batch(step)
    epoch, place = divmod(step, batcher.updates_per_epoch)
    before = batcher.batch(step - 1).inputs[:rows, -BEFORE:] if batch.carry else None
    return BatchView(
        step=step,
        epoch=epoch + 1,
        place=place + 1,
        updates_per_epoch=batcher.updates_per_epoch,
        shape=(batch.inputs.shape[0], batch.inputs.shape[1]),
        carry=batch.carry,
        targets_counted=int(_mask(batch).sum()),
        rows=_rows(batch, before, vocabulary, rows, columns),
    )


def _rows(
    batch: Batch, before: np.ndarray | None, vocabulary: Vocabulary, rows: int, columns: int
) -> tuple[BatchRow, ...]:
    mask = _mask(batch)
    return tuple(
        BatchRow(
            before="" if before is None else visible(vocabulary.decode(before[i])),
            inputs=visible(vocabulary.decode(batch.inputs[i, :columns])),
            targets=visible(vocabulary.decode(batch.targets[i, :columns])),
            counted=tuple(mask[i, :columns].tolist()),
        )
        for i in range(min(rows, len(batch.inputs)))
    )


def _mask(batch: Batch) -> np.ndarray:
    return np.ones(batch.targets.shape, bool) if batch.mask is None else batch.mask
