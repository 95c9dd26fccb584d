"""A whole text is read once, in streams whose joint loss is that of one carried stream."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlab.network.char_rnn import CharRNN
from rnnlab.network.losses import cross_entropy, log_softmax
from rnnlab.network.reading import WARM_UP
from rnnlab.text.corpora.corpus import Corpus
from rnnlab.training.config import RunConfig
from rnnlab.training.engines.factory import make_engine
from rnnlab.training.evaluation import evaluate, item_batches, stream_batches
from rnnlab.training.loop import Controls, train
from rnnlab.training.pacing import Stopwatch
from rnnlab.training.tasks import make_task
from rnnlab.training.tasks.base import first_params
from rnnlab.training.tasks.next_character import NextCharacter


def trained(config: RunConfig, corpus: Corpus) -> tuple[NextCharacter, CharRNN]:
    """A small network that has learned something."""
    task = make_task(config, corpus)
    engine = make_engine(config, task.architecture, first_params(task))
    for _ in train(task, engine, config, Controls(), Stopwatch()):
        pass
    return task, CharRNN(task.architecture, engine.params())


@given(st.integers(2, 3000), st.none() | st.integers(1, 9))
def test_every_character_but_the_first_is_counted_once(length: int, streams: int | None) -> None:
    ids = np.arange(length)  # each character is its own place
    seen: list[int] = []
    for batch in stream_batches(ids, streams):
        np.testing.assert_array_equal(batch.targets, batch.inputs + 1)
        seen += batch.targets[batch.mask].tolist()
    assert sorted(seen) == list(range(1, length))


@given(st.integers(500, 3000), st.integers(2, 9))
def test_counted_characters_have_their_warm_up_behind_them(length: int, streams: int) -> None:
    batches = list(stream_batches(np.arange(length), streams))
    assert [batch.carry for batch in batches] == [False] + [True] * (len(batches) - 1)
    inputs = np.concatenate([batch.inputs for batch in batches], axis=1)  # (S, W + C)
    mask = np.concatenate([batch.mask for batch in batches], axis=1)
    assert mask[0, 0]  # the first stream is at the start of the text
    for row, counts in zip(inputs[1:], mask[1:], strict=True):
        if counts.any():
            assert counts.argmax() == WARM_UP
            np.testing.assert_array_equal(np.diff(row[: counts.sum() + WARM_UP]), 1)


def test_a_text_without_a_prediction_gives_none() -> None:
    assert list(stream_batches(np.array([3]))) == []
    assert list(stream_batches(np.array([], dtype=np.int64))) == []


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru"])
def test_streams_lose_what_one_carried_stream_loses(
    small: RunConfig, prose: Corpus, cell: str
) -> None:
    config = small.replace(cell=cell, hidden_size=24, grad_clip=1, budget=400)
    task, model = trained(config, prose)
    ids = task.vocabulary.encode(prose.text)
    tape = model.forward(ids[None, :-1])
    exact, _ = cross_entropy(tape.logits, ids[None, 1:])
    assert exact < 1.6  # far from the 2.6 of guessing: what it remembers matters
    in_streams = evaluate(model, stream_batches(ids, streams=12))
    assert in_streams.loss == pytest.approx(exact, abs=0.002)
    assert in_streams.characters == len(ids) - 1
    hits = (tape.logits[0].argmax(axis=1) == ids[1:]).mean()
    assert in_streams.accuracy == pytest.approx(hits, abs=0.002)


def test_one_stream_is_exact(small: RunConfig, prose: Corpus) -> None:
    task = make_task(small, prose)
    model = CharRNN(task.architecture, first_params(task))
    ids = task.vocabulary.encode(prose.text[:700])
    exact, _ = cross_entropy(model.forward(ids[None, :-1]).logits, ids[None, 1:])
    assert evaluate(model, stream_batches(ids, streams=1)).loss == pytest.approx(exact, abs=1e-6)


def test_items_are_read_from_a_zero_state_with_their_line_end(
    small: RunConfig, names: Corpus
) -> None:
    task, model = trained(small.replace(batching="items"), names)
    items = names.items or ()
    total, characters = 0.0, 0
    for item in items:
        ids = task.vocabulary.encode(f"\n{item}\n")
        log_p = log_softmax(model.forward(ids[None, :-1]).logits)[0]
        total -= log_p[np.arange(len(ids) - 1), ids[1:]].sum()
        characters += len(ids) - 1
    measured = evaluate(model, item_batches(items, task.vocabulary))
    assert measured.characters == characters == len(names.text)
    assert measured.loss == pytest.approx(total / characters, abs=1e-5)


@pytest.mark.parametrize("engine", ["torch", "numpy"])
def test_a_fresh_network_scores_as_guessing_does(
    small: RunConfig, prose: Corpus, engine: str
) -> None:
    config = small.replace(engine=engine)
    task = make_task(config, prose)
    made = make_engine(config, task.architecture, first_params(task))
    measured = made.evaluate(task.evaluation_batches(task.split.validation))
    assert measured.loss == pytest.approx(np.log(len(task.vocabulary)), abs=0.1)
