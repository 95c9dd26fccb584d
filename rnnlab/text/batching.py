"""How a text is cut into batches, and one batch as a reader sees it: signs instead of ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rnnlab.text.corpora.corpus import CorpusError
from rnnlab.text.split import Part
from rnnlab.text.visible import visible
from rnnlab.text.vocabulary import Vocabulary

ITEM_END = "\n"  # stands before and after each item
SHIFTS = 100  # places at which an epoch of a shifted stream may start
MAX_ITEM_CHARACTERS = 2000  # characters; gradients of a whole item are kept in memory


@dataclass(frozen=True)
class Batch:
    """What one update learns from; the target is the character after the input."""

    inputs: np.ndarray  # (B, T) int64
    targets: np.ndarray  # (B, T) int64
    carry: bool  # whether the state goes on from the batch before, else it is zero
    mask: np.ndarray | None = None  # (B, T) bool, targets that count; None: all of them
    weights: np.ndarray | None = None  # (B, T) how much each target's loss counts; None: 1

    @property
    def counted(self) -> int:
        """How many targets count."""
        return self.targets.size if self.mask is None else int(self.mask.sum())


def item_end(batching: str, vocabulary: Vocabulary) -> int | None:
    """The character at which a network that was trained so starts from a zero state again.

    None unless it learned single items.
    """
    return int(vocabulary.encode(ITEM_END)[0]) if batching == "items" else None


class Batcher(Protocol):
    """Batches by number: the same step always gives the same batch, in any order asked for."""

    updates_per_epoch: int
    characters_per_update: float  # targets that count, mean over an epoch

    def batch(self, step: int) -> Batch:
        """The batch of this step, counted from 0."""
        ...


def make_batcher(
    part: Part,
    vocabulary: Vocabulary,
    *,
    batching: str,
    seq_length: int,
    batch_size: int,
    stride: int,
    seed: int,
) -> Batcher:
    """The batches of a part of a corpus.

    Args:
        batching: "streams", "shifted", "windows", "random" or "items", as in the classes below.
        seq_length: T; of items, each batch is as long as its longest item instead.
        batch_size: B.
        stride: characters between the starts of two windows; others ignore it.
        seed: of every random choice; plain streams make none.
    Raises:
        CorpusError: too little text, or a list is needed and there is none.
        UnknownCharacterError: the part has characters outside the vocabulary.
    """
    if batching == "items":
        return Items(part, vocabulary, batch_size, seed)
    ids = vocabulary.encode(part.text)  # (N,)
    if batching == "streams":
        return Streams(ids, seq_length, batch_size)
    if batching == "shifted":
        return ShiftedStream(ids, seq_length, batch_size, seed)
    if batching == "windows":
        return Windows(ids, seq_length, batch_size, stride, seed)
    if batching == "random":
        return RandomWindows(ids, seq_length, batch_size, seed)
    raise CorpusError(
        f"There is no batching '{batching}'; choose streams, shifted, windows, random or items."
    )


class Streams:
    """B rows that read on side by side, each its own stretch of the text, state carried.

    The last batch of an epoch is shorter where T does not divide the rows, so that an epoch is
    the text once; only the fewer than B characters that do not fill a column are left out.
    """

    def __init__(self, ids: np.ndarray, seq_length: int, batch_size: int) -> None:
        length = (len(ids) - 1) // batch_size  # of one row
        if length < seq_length:
            raise CorpusError(
                f"The training text has {len(ids):,} characters, but {batch_size:,} streams of "
                f"{seq_length:,} characters need {batch_size * seq_length + 1:,}; use more text, "
                "or lower the batch size or the sequence length."
            )
        used = batch_size * length
        self._inputs = ids[:used].reshape(batch_size, length)  # (B, length)
        self._targets = ids[1 : used + 1].reshape(batch_size, length)  # (B, length)
        self._seq_length = seq_length
        self.updates_per_epoch = -(-length // seq_length)
        self.characters_per_update = used / self.updates_per_epoch

    def batch(self, step: int) -> Batch:
        """The next T columns of all rows; views, not copies."""
        place = step % self.updates_per_epoch
        columns = slice(place * self._seq_length, (place + 1) * self._seq_length)
        return Batch(self._inputs[:, columns], self._targets[:, columns], carry=place > 0)


class ShiftedStream:
    """One row that reads on, in each epoch from another place among the first 100 characters.

    So the text is cut elsewhere each time. All epochs are as long as the one that starts last.
    """

    def __init__(self, ids: np.ndarray, seq_length: int, batch_size: int, seed: int) -> None:
        if batch_size != 1:
            raise CorpusError(
                f"A shifted stream is a single row, but the batch size is {batch_size:,}; set it "
                "to 1, or choose streams."
            )
        self.updates_per_epoch = (len(ids) - SHIFTS) // seq_length
        if self.updates_per_epoch < 1:
            raise CorpusError(
                f"The training text has {len(ids):,} characters, but a shifted stream of "
                f"{seq_length:,} needs {seq_length + SHIFTS:,}; use more text, or lower the "
                "sequence length."
            )
        self._ids, self._seq_length, self._seed = ids, seq_length, seed
        self.characters_per_update = float(seq_length)

    def batch(self, step: int) -> Batch:
        """The next T characters after those of the step before; (1, T) views."""
        epoch, place = divmod(step, self.updates_per_epoch)
        shift = int(np.random.default_rng((self._seed, epoch)).integers(SHIFTS))
        start = shift + place * self._seq_length
        piece = self._ids[None, start : start + self._seq_length + 1]
        return Batch(piece[:, :-1], piece[:, 1:], carry=place > 0)


class Windows:
    """Windows that start at 0, stride, 2·stride …, shuffled anew in each epoch, zero state.

    Every batch has B windows: the last few of an epoch that do not fill one are left out.
    """

    def __init__(
        self, ids: np.ndarray, seq_length: int, batch_size: int, stride: int, seed: int
    ) -> None:
        _check_window(ids, seq_length)
        self._windows = sliding_window_view(ids, seq_length + 1)[::stride]  # (windows, T + 1)
        if len(self._windows) < batch_size:
            raise CorpusError(
                f"The training text has {len(self._windows):,} windows of {seq_length:,} "
                f"characters at a stride of {stride:,}, but a batch needs {batch_size:,}; use more "
                "text, or lower the stride, the batch size or the sequence length."
            )
        self._order = EpochOrder(len(self._windows), batch_size, seed)
        self.updates_per_epoch = self._order.updates_per_epoch
        self.characters_per_update = float(batch_size * seq_length)

    def batch(self, step: int) -> Batch:
        """B windows from a zero state."""
        return _window_batch(self._windows[self._order.rows(step)])


class RandomWindows:
    """Windows that start anywhere, drawn anew for each batch, zero state.

    An epoch is as many batches as hold the text once.
    """

    def __init__(self, ids: np.ndarray, seq_length: int, batch_size: int, seed: int) -> None:
        _check_window(ids, seq_length)
        self._windows = sliding_window_view(ids, seq_length + 1)  # (starts, T + 1)
        self._batch_size = batch_size
        self._seed = seed
        self.updates_per_epoch = max(1, (len(ids) - 1) // (batch_size * seq_length))
        self.characters_per_update = float(batch_size * seq_length)

    def batch(self, step: int) -> Batch:
        """B windows whose starts depend on the seed and the step alone."""
        rng = np.random.default_rng((self._seed, step))
        starts = rng.integers(len(self._windows), size=self._batch_size)  # (B,)
        return _window_batch(self._windows[starts])


class Items:
    """One item a row: newline and item in, item and newline out; shuffled in each epoch.

    Rows are filled up with newlines to the longest of the batch; the mask leaves those out.
    """

    def __init__(self, part: Part, vocabulary: Vocabulary, batch_size: int, seed: int) -> None:
        items = part.items
        if items is None:
            raise CorpusError(
                "Batches of single items need a list with one item a line, but this corpus is "
                "running text; choose streams, windows or random windows."
            )
        _check_items(items, batch_size)
        self._ids = vocabulary.encode("\n" + part.text)
        self._lengths = np.array([len(item) + 1 for item in items])  # (items,) with the newline
        self._starts = np.cumsum(self._lengths) - self._lengths  # (items,) of the newline before
        self._order = EpochOrder(len(items), batch_size, seed)
        self.updates_per_epoch = self._order.updates_per_epoch
        self.characters_per_update = float(batch_size * self._lengths.mean())

    def batch(self, step: int) -> Batch:
        """B items from a zero state, with a mask."""
        rows = self._order.rows(step)  # (B,)
        lengths = self._lengths[rows, None]  # (B, 1)
        columns = np.arange(lengths.max() + 1)  # (T + 1,)
        # A place beyond the end of an item reads its last newline again: that is the padding.
        places = self._starts[rows, None] + np.minimum(columns, lengths)  # (B, T + 1)
        block = self._ids[places]
        return Batch(block[:, :-1], block[:, 1:], carry=False, mask=columns[:-1] < lengths)


class EpochOrder:
    """Which rows of n form a batch: a new permutation in each epoch, the current one kept."""

    def __init__(self, n: int, batch_size: int, seed: int) -> None:
        self.updates_per_epoch = n // batch_size
        self._n = n
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = -1
        self._permutation = np.empty(0, np.int64)

    def rows(self, step: int) -> np.ndarray:
        """The rows of the batch of this step, (B,)."""
        epoch, place = divmod(step, self.updates_per_epoch)
        if epoch != self._epoch:
            self._permutation = np.random.default_rng((self._seed, epoch)).permutation(self._n)
            self._epoch = epoch
        return self._permutation[place * self._batch_size : (place + 1) * self._batch_size]


def _window_batch(windows: np.ndarray) -> Batch:
    return Batch(windows[:, :-1], windows[:, 1:], carry=False)  # (B, T + 1) → two of (B, T)


def _check_window(ids: np.ndarray, seq_length: int) -> None:
    if len(ids) <= seq_length:
        raise CorpusError(
            f"The training text has {len(ids):,} characters, but one window of {seq_length:,} "
            f"needs {seq_length + 1:,}; use more text or lower the sequence length."
        )


def _check_items(items: tuple[str, ...], batch_size: int) -> None:
    if len(items) < batch_size:
        raise CorpusError(
            f"The training part has {len(items):,} items, but a batch needs {batch_size:,}; lower "
            "the batch size or use more items."
        )
    longest = max(map(len, items))
    if longest > MAX_ITEM_CHARACTERS:
        raise CorpusError(
            f"The longest item has {longest:,} characters, but an item may have at most "
            f"{MAX_ITEM_CHARACTERS:,}; choose streams, windows or random windows."
        )


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
