"""A batch as signs: shifted by one, reading on, and marked where targets do not count."""

from __future__ import annotations

import pytest

from rnnlab.text.batching import BEFORE, batch_view, make_batcher
from rnnlab.text.split import Part
from rnnlab.text.visible import signed_lines
from rnnlab.text.vocabulary import Vocabulary

TEXT = "the quick brown fox\njumps over the lazy dog\n" * 20
VOCABULARY = Vocabulary.from_text(TEXT)
SIZES = {"seq_length": 16, "batch_size": 3, "stride": 5, "seed": 1}


@pytest.mark.parametrize("batching", ["streams", "windows", "random"])
def test_targets_are_the_inputs_shifted_by_one(batching: str) -> None:
    batcher = make_batcher(Part(TEXT, None), VOCABULARY, batching=batching, **SIZES)
    view = batch_view(batcher, VOCABULARY, 4, rows=10, columns=100)
    assert view.shape == (3, 16)
    assert len(view.rows) == 3
    for row in view.rows:
        assert row.targets[:-1] == row.inputs[1:]
        assert row.inputs.replace("␣", " ").replace("↵", "\n") in TEXT
        assert all(row.counted)


def test_a_stream_reads_on_where_the_batch_before_ended() -> None:
    batcher = make_batcher(Part(TEXT, None), VOCABULARY, batching="streams", **SIZES)
    first = batch_view(batcher, VOCABULARY, 0, rows=3, columns=16)
    second = batch_view(batcher, VOCABULARY, 1, rows=3, columns=16)
    assert not first.carry
    assert second.carry
    for before, row in zip(first.rows, second.rows, strict=True):
        assert before.before == ""
        assert row.before == before.inputs[-BEFORE:]
        assert row.inputs[0] == before.targets[-1]


def test_an_epoch_begins_with_batch_one_again() -> None:
    batcher = make_batcher(Part(TEXT, None), VOCABULARY, batching="streams", **SIZES)
    view = batch_view(batcher, VOCABULARY, batcher.updates_per_epoch, rows=1, columns=4)
    assert (view.epoch, view.place, view.carry) == (2, 1, False)
    assert (len(view.rows), len(view.rows[0].inputs)) == (1, 4)


def test_padding_of_items_does_not_count() -> None:
    items = ("ab", "a", "abcd")
    part = Part("ab\na\nabcd\n", items)
    vocabulary = Vocabulary.from_text(part.text)
    batcher = make_batcher(part, vocabulary, batching="items", **SIZES)
    view = batch_view(batcher, vocabulary, 0, rows=3, columns=10)
    assert view.targets_counted == len(part.text)
    written = {
        "".join(sign for sign, counts in zip(row.targets, row.counted, strict=True) if counts)
        for row in view.rows
    }
    assert written == {"ab↵", "a↵", "abcd↵"}
    assert all(row.inputs.startswith("↵") for row in view.rows)


def test_signed_lines_are_still_lines() -> None:
    assert signed_lines("a b\n\nc\t") == "a␣b↵\n↵\nc⇥"
    assert signed_lines("") == ""
