"""What the network sees: each way of batching keeps its promise about every character."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.text.batching import SHIFTS, Batch, Batcher, make_batcher
from rnnlab.text.corpora.corpus import CorpusError, joined
from rnnlab.text.split import Part
from rnnlab.text.vocabulary import Vocabulary

# Each character occurs once, so that its id tells its place.
ALPHABET = "".join(chr(0x4E00 + i) for i in range(3000))
VOCABULARY = Vocabulary.from_text(ALPHABET)
NAMES = st.lists(st.text("abcdef", min_size=1, max_size=9), min_size=1, max_size=40)


def batcher(n: int, batching: str, t: int, b: int, stride: int = 1, seed: int = 1) -> Batcher:
    """Batches of a text of n different characters, whose ids are 0 … n - 1."""
    return make_batcher(
        Part(ALPHABET[:n], None),
        VOCABULARY,
        batching=batching,
        seq_length=t,
        batch_size=b,
        stride=stride,
        seed=seed,
    )


def epoch(batches: Batcher, number: int = 0) -> list[Batch]:
    """All batches of one epoch."""
    n = batches.updates_per_epoch
    return [batches.batch(step) for step in range(number * n, (number + 1) * n)]


def same(a: Batch, b: Batch) -> bool:
    """Whether two batches are equal to the last bit."""
    return (
        np.array_equal(a.inputs, b.inputs)
        and np.array_equal(a.targets, b.targets)
        and a.carry == b.carry
        and (a.mask is None) == (b.mask is None)
        and (a.mask is None or b.mask is None or np.array_equal(a.mask, b.mask))
    )


@given(
    st.sampled_from(["streams", "windows", "random"]),
    st.integers(1, 12),
    st.integers(1, 7),
    st.integers(1, 15),
    st.integers(0, 600),
    st.integers(0, 10**6),
)
def test_targets_are_the_inputs_shifted_by_one(
    batching: str, t: int, b: int, stride: int, extra: int, step: int
) -> None:
    batches = batcher(b * t + b * stride + 1 + extra, batching, t, b, stride)
    batch = batches.batch(step)
    assert np.array_equal(batch.targets, batch.inputs + 1)
    assert np.array_equal(batch.inputs[:, 1:], batch.targets[:, :-1])
    assert batch.inputs.dtype == batch.targets.dtype == np.int64
    assert batch.inputs.shape[0] == b
    assert 1 <= batch.inputs.shape[1] <= t
    assert batch.mask is None


@given(st.integers(1, 12), st.integers(1, 7), st.integers(0, 400))
def test_streams_continue_each_row_and_cover_the_text_once(t: int, b: int, extra: int) -> None:
    n = b * t + 1 + extra
    batches = batcher(n, "streams", t, b)
    once = epoch(batches)
    for before, after in pairwise(once):
        assert np.array_equal(after.inputs[:, 0], before.targets[:, -1])
        assert before.inputs.shape[1] == t
    assert [batch.carry for batch in once] == [False] + [True] * (len(once) - 1)
    seen = np.concatenate([batch.inputs for batch in once], axis=1)  # (B, row)
    assert seen.ravel().tolist() == list(range(seen.size))
    assert n - 1 - seen.size < b
    assert batches.characters_per_update == pytest.approx(seen.size / len(once))
    assert same(batches.batch(len(once)), once[0])


@given(st.integers(1, 12), st.integers(0, 300), st.integers(0, 9))
def test_a_shifted_stream_reads_on_from_another_place_in_each_epoch(
    t: int, extra: int, number: int
) -> None:
    batches = batcher(SHIFTS + t + extra, "shifted", t, 1)
    once = epoch(batches, number)
    seen = np.concatenate([batch.inputs[0] for batch in once])
    start = int(seen[0])
    assert 0 <= start < SHIFTS
    assert seen.tolist() == list(range(start, start + t * len(once)))
    assert all(np.array_equal(batch.targets, batch.inputs + 1) for batch in once)
    assert [batch.carry for batch in once] == [False] + [True] * (len(once) - 1)
    starts = {int(epoch(batches, k)[0].inputs[0, 0]) for k in range(20)}
    assert len(starts) > 5  # fewer from 20 draws of 100: probability below 1e-15


@given(
    st.integers(1, 12),
    st.integers(1, 6),
    st.integers(1, 20),
    st.integers(0, 300),
    st.integers(0, 9),
)
def test_windows_start_at_every_stride_once_an_epoch(
    t: int, b: int, stride: int, extra: int, number: int
) -> None:
    n = t + 1 + (b - 1) * stride + extra
    batches = batcher(n, "windows", t, b, stride)
    once = epoch(batches, number)
    starts = Counter(int(row[0]) for batch in once for row in batch.inputs)
    possible = set(range(0, n - t, stride))
    assert set(starts.values()) == {1}
    assert set(starts) <= possible
    assert len(possible) - len(starts) < b
    assert all(not batch.carry and batch.inputs.shape == (b, t) for batch in once)
    assert batches.characters_per_update == b * t


def test_windows_come_in_another_order_in_each_epoch_and_for_each_seed() -> None:
    def starts(seed: int, number: int) -> list[int]:
        return [int(b.inputs[0, 0]) for b in epoch(batcher(500, "windows", 5, 1, 5, seed), number)]

    assert starts(1, 0) == starts(1, 0)
    assert sorted(starts(1, 0)) == sorted(starts(1, 1)) == sorted(starts(2, 0))
    assert starts(1, 0) != starts(1, 1)
    assert starts(1, 0) != starts(2, 0)


def test_random_windows_start_anywhere_with_equal_probability() -> None:
    # 20 starts, 20,000 draws: chi-square with 19 degrees of freedom exceeds 65 with
    # probability 7e-7; the seed is fixed, so that this was decided once.
    batches = batcher(25, "random", 5, 100)
    draws = np.concatenate([batches.batch(step).inputs[:, 0] for step in range(200)])
    counts = np.bincount(draws, minlength=20)
    assert len(counts) == 20
    assert ((counts - 1000) ** 2 / 1000).sum() < 65


def test_random_windows_follow_from_seed_and_step() -> None:
    first, again, other = (batcher(2000, "random", 5, 4, seed=s) for s in (1, 1, 2))
    assert same(first.batch(7), again.batch(7))
    assert not same(first.batch(7), first.batch(8))
    assert not same(first.batch(7), other.batch(7))
    assert first.updates_per_epoch == 1999 // 20
    assert not first.batch(7).carry


@given(NAMES, st.data())
def test_every_item_is_a_row_once_an_epoch(names: list[str], data: st.DataObject) -> None:
    b = data.draw(st.integers(1, len(names)))
    text = joined(names)
    vocabulary = Vocabulary.from_text(text)
    batches = make_batcher(
        Part(text, tuple(names)),
        vocabulary,
        batching="items",
        seq_length=4,
        batch_size=b,
        stride=1,
        seed=3,
    )
    newline = int(vocabulary.encode("\n")[0])
    rows = []
    for batch in epoch(batches, 2):
        assert batch.mask is not None
        assert not batch.carry
        lengths = batch.mask.sum(axis=1)
        assert batch.inputs.shape == batch.targets.shape == (b, lengths.max())
        for inputs, targets, mask, length in zip(
            batch.inputs, batch.targets, batch.mask, lengths, strict=True
        ):
            assert mask.tolist() == [True] * length + [False] * (len(mask) - length)
            name = vocabulary.decode(inputs[1:length])
            assert vocabulary.decode(inputs[:length]) == "\n" + name
            assert vocabulary.decode(targets[:length]) == name + "\n"
            assert set(inputs[length:]) | set(targets[length:]) <= {newline}
            rows.append(name)
    left_out = Counter(names) - Counter(rows)
    assert Counter(rows) + left_out == Counter(names)
    assert left_out.total() == len(names) % b


def test_characters_per_update_of_items_counts_what_the_mask_lets_through() -> None:
    names = tuple("a" * (1 + i % 7) for i in range(60))
    part = Part(joined(names), names)
    batches = make_batcher(
        part,
        Vocabulary.from_text(part.text),
        batching="items",
        seq_length=9,
        batch_size=6,
        stride=1,
        seed=1,
    )
    counted = [int(b.mask.sum()) for b in epoch(batches) if b.mask is not None]
    assert batches.characters_per_update == pytest.approx(np.mean(counted))


@pytest.mark.parametrize("batching", ["streams", "windows", "random", "items"])
def test_any_batch_can_be_asked_for_in_any_order(batching: str) -> None:
    names = tuple(f"name{i}" for i in range(200))
    part = Part(joined(names), names)
    vocabulary = Vocabulary.from_text(part.text)

    def make() -> Batcher:
        return make_batcher(
            part, vocabulary, batching=batching, seq_length=7, batch_size=4, stride=5, seed=9
        )

    ahead = make()
    in_order = [ahead.batch(step) for step in range(3 * ahead.updates_per_epoch)]
    for step in np.random.default_rng(1).permutation(len(in_order))[:200]:
        assert same(make().batch(int(step)), in_order[step])
        assert same(ahead.batch(int(step)), in_order[step])


@pytest.mark.parametrize(
    ("batching", "n", "t", "b", "stride", "sentence"),
    [
        ("streams", 2048, 64, 32, 1, "32 streams of 64 characters need 2,049"),
        ("windows", 64, 64, 1, 1, "one window of 64 needs 65"),
        ("windows", 100, 50, 6, 10, "has 5 windows of 50 characters at a stride of 10"),
        ("random", 64, 64, 2, 1, "one window of 64 needs 65"),
        ("items", 100, 5, 2, 1, "need a list with one item a line"),
        ("shifted", 2048, 64, 2, 1, "single row, but the batch size is 2"),
        ("shifted", 149, 50, 1, 1, "a shifted stream of 50 needs 150"),
        ("sideways", 100, 5, 2, 1, "choose streams, shifted, windows, random or items"),
    ],
)
def test_too_little_text_is_refused_in_a_sentence(
    batching: str, n: int, t: int, b: int, stride: int, sentence: str
) -> None:
    with pytest.raises(CorpusError, match=sentence):
        batcher(n, batching, t, b, stride)


def test_the_smallest_text_that_is_enough_gives_one_update() -> None:
    assert batcher(2049, "streams", 64, 32).updates_per_epoch == 1
    assert batcher(65, "windows", 64, 1).updates_per_epoch == 1
    assert batcher(65, "random", 64, 2).updates_per_epoch == 1


@pytest.mark.parametrize(
    ("names", "sentence"),
    [(("a", "b"), "2 items, but a batch needs 4"), (("a" * 2001,) * 4, "at most 2,000")],
)
def test_items_that_make_no_batch_are_refused(names: tuple[str, ...], sentence: str) -> None:
    part = Part(joined(names), names)
    vocabulary = Vocabulary.from_text(part.text)
    with pytest.raises(CorpusError, match=sentence):
        make_batcher(
            part, vocabulary, batching="items", seq_length=5, batch_size=4, stride=1, seed=1
        )


def test_a_batch_of_streams_costs_next_to_nothing() -> None:
    # Asked for at each update; measured about 3 µs, allowed 50. The best of 5 rounds, so that
    # another process on the machine does not fail it.
    text = ALPHABET * 300
    batches = make_batcher(
        Part(text, None),
        VOCABULARY,
        batching="streams",
        seq_length=64,
        batch_size=32,
        stride=1,
        seed=1,
    )
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for step in range(400):
            batches.batch(step)
        rounds.append((time.perf_counter() - start) / 400)
    assert min(rounds) < 50e-6
