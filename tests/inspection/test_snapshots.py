"""The frames of the time machine are what the other pages compute for the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.milestones import word_counts
from rnnlab.inspection.snapshots import candidates, character_map, seen, written
from rnnlab.inspection.writing import SamplingSettings, write
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import softmax
from rnnlab.network.reading import window
from rnnlab.network.tape import DivergedModelError
from rnnlab.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary.from_text("\n abcdef")
V = len(VOCABULARY)
CELLS = ("rnn_tanh", "lstm", "gru")


def model(cell: str, seed: int, embedding_size: int = 3) -> CharRNN:
    architecture = Architecture(cell, V, embedding_size, 6, 2)
    params = initial_params(architecture, "orthogonal", np.random.default_rng(seed))
    params["decoder.weight"] *= 30  # so that it has preferences
    return CharRNN(architecture, params)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("before", [0, 1, 30])
def test_a_frame_is_what_reading_the_text_gives(cell: str, before: int) -> None:
    ids = np.random.default_rng(1).integers(V, size=before + 20)
    network = model(cell, 1)
    tape = window(network, ids, 0, len(ids))
    found = seen(network, ids[:before], ids[before:], "h", 1)
    np.testing.assert_allclose(found.values, tape.trace("h", 1)[0, before:], atol=1e-5)
    p = softmax(tape.logits[0])
    np.testing.assert_allclose(found.following, p[before:], atol=1e-5)
    np.testing.assert_allclose(
        found.chances[1:], p[np.arange(before, before + 19), ids[before + 1 :]], atol=1e-5
    )
    if before:
        assert found.chances[0] == pytest.approx(p[before - 1, ids[before]], abs=1e-5)
    else:
        assert np.isnan(found.chances[0])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("item_end", [None, 0])
def test_the_sample_is_what_the_page_generate_writes(cell: str, item_end: int | None) -> None:
    sampling = SamplingSettings("ab", length=40, temperature=0.9, seed=5)
    network = model(cell, 2)
    assert written(network, VOCABULARY, sampling, item_end) == (
        write(network, VOCABULARY, sampling, item_end).text
    )


def test_equal_weights_write_equal_texts() -> None:
    sampling = SamplingSettings("", length=60, seed=3)
    texts = [written(model("lstm", seed), VOCABULARY, sampling) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_a_network_that_grows_beyond_all_numbers_is_refused() -> None:
    network = model("rnn_relu", 1)
    for name in network.params:
        network.params[name] = np.full_like(network.params[name], 1e30)
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(DivergedModelError):
        seen(network, np.array([1]), np.array([1, 2, 3]), "h", 0)


@pytest.mark.parametrize("embedding_size", [0, 3])
def test_a_vector_that_stays_stays_on_the_map(embedding_size: int) -> None:
    snapshots = [dict(model("gru", 1, embedding_size).params) for _ in range(3)]
    name = "embedding.weight" if embedding_size else "rnn.weight_ih_l0"
    rng = np.random.default_rng(4)
    for params in snapshots[:2]:
        moved = params[name].copy()
        rows = moved if embedding_size else moved.T
        rows[2:] += rng.standard_normal(rows[2:].shape).astype(rows.dtype)
        params[name] = moved
    found = character_map(snapshots)
    assert found.points.shape == (3, V, 2)
    assert found.is_embedding == bool(embedding_size)
    np.testing.assert_allclose(found.points[0, :2], found.points[2, :2], atol=1e-6)
    assert (np.abs(found.points[0, 2:] - found.points[2, 2:]).max(axis=1) > 1e-3).all()


def test_a_step_on_the_map_is_the_same_at_every_snapshot() -> None:
    """One map for all moments: moving by the same vector moves by the same arrow."""
    base = model("gru", 1).params["embedding.weight"].astype(np.float64)
    step = np.random.default_rng(5).standard_normal(base.shape)
    found = character_map([{"embedding.weight": base + k * step} for k in range(3)]).points
    np.testing.assert_allclose(found[1] - found[0], found[2] - found[1], atol=1e-9)


def test_candidates_are_of_the_end_and_of_all_snapshots() -> None:
    early, late = np.array([[0.6, 0.35, 0.05, 0.0]]), np.array([[0.0, 0.0, 0.1, 0.9]])
    found = candidates(np.stack([early, early, late]), 3, np.array([0]))
    assert found.tolist() == [[3, 0, 1]]
    assert candidates(np.stack([late]), 9, np.array([0])).shape == (1, 4)


def test_what_really_follows_is_among_the_candidates() -> None:
    following = np.array([[[0.7, 0.3, 0.0], [0.7, 0.3, 0.0]]])
    assert candidates(following, 2, np.array([0, 2])).tolist() == [[0, 2], [0, 1]]


def test_words_in_what_is_written_are_counted_by_length() -> None:
    found = word_counts(
        ["the cat xyz gardener nonsensical th", "", "the"], {"the", "cat", "gardener", "th"}
    )
    assert found.written.tolist() == [[3, 0, 2], [0, 0, 0], [0, 0, 0]]  # the last is cut
    assert found.known.tolist() == [[2, 0, 1], [0, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(found.shares()[0], [2 / 3, np.nan, 0.5])
