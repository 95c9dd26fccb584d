"""However a text is cut, what is read is what one forward pass over the whole text gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.clamps import Clamp
from rnnlab.network.initialization import initial_params
from rnnlab.network.reading import (
    item_starts,
    read,
    read_streams,
    spread,
    state_after,
    stream_places,
    window,
)

IDS = np.random.default_rng(3).integers(0, 7, 300)


@pytest.fixture(params=list(CELLS))
def model(request: pytest.FixtureRequest) -> CharRNN:
    """Two layers of five units, in double precision."""
    architecture = Architecture(request.param, 7, 0, 5, 2)
    params = initial_params(architecture, "pytorch", np.random.default_rng(1))
    return CharRNN(architecture, {name: value.astype(np.float64) for name, value in params.items()})


def hidden(model: CharRNN, ids: np.ndarray, **how: Any) -> np.ndarray:
    """h of the upper layer over all tapes, (B, N, H)."""
    return np.concatenate([tape.trace("h", 1) for tape in read(model, ids, **how)], axis=1)


@pytest.mark.parametrize("chunk", [1, 7, 299, 300, 301])
def test_chunks_change_nothing(model: CharRNN, chunk: int) -> None:
    expected = model.forward(IDS[None]).trace("h", 1)
    np.testing.assert_allclose(hidden(model, IDS, chunk=chunk), expected, atol=1e-12)


def test_texts_stand_side_by_side(model: CharRNN) -> None:
    pair = np.stack([IDS[:100], IDS[100:200]])
    found = hidden(model, pair, chunk=30)
    for row, ids in zip(found, pair, strict=True):
        np.testing.assert_allclose(row, hidden(model, ids)[0], atol=1e-12)


def test_it_goes_on_from_a_state(model: CharRNN) -> None:
    rest = hidden(model, IDS[120:], state=state_after(model, IDS[:120]))
    np.testing.assert_allclose(rest, hidden(model, IDS)[:, 120:], atol=1e-12)
    kept = window(model, IDS, 120, 150).trace("h", 1)
    np.testing.assert_allclose(kept, rest[:, :30], atol=1e-12)


def test_each_start_begins_with_zeros_and_the_beginning_with_the_state(model: CharRNN) -> None:
    starts = item_starts(IDS, 3)
    state = state_after(model, IDS[:50])
    found = hidden(model, IDS, starts=starts, state=state, chunk=4)
    pieces = np.split(IDS, starts)
    expected = [hidden(model, pieces[0], state=state)] if len(pieces[0]) else []
    expected += [hidden(model, piece) for piece in pieces[1:]]
    np.testing.assert_allclose(found, np.concatenate(expected, axis=1), atol=1e-12)
    assert len(item_starts(IDS, None)) == 0


def test_a_clamp_holds_in_every_chunk(model: CharRNN) -> None:
    clamp = Clamp(1, "h", 2, 0.25)
    np.testing.assert_array_equal(hidden(model, IDS, clamps=[clamp], chunk=16)[..., 2], 0.25)


def test_pieces_are_spread_from_the_beginning_to_the_end() -> None:
    places = spread(1000, 50, 8, 20)
    assert places.shape == (8, 70)
    assert (places[0, 0], places[-1, -1]) == (0, 999)
    np.testing.assert_array_equal(np.diff(places, axis=1), 1)


@pytest.mark.parametrize("total", [2, 150, 201, 202, 999, 5000])
@pytest.mark.parametrize("streams", [None, 1, 7])
def test_in_streams_every_place_but_the_last_counts_once(total: int, streams: int | None) -> None:
    counted = np.concatenate(
        [places[counts] for places, counts, _ in stream_places(total, streams)]
    )
    np.testing.assert_array_equal(np.sort(counted), np.arange(total - 1))


def test_one_stream_is_the_text_itself(model: CharRNN) -> None:
    tapes = [tape.trace("h", 1) for _, _, tape in read_streams(model, IDS, 1)]
    expected = hidden(model, IDS)[:, :-1]
    np.testing.assert_allclose(np.concatenate(tapes, axis=1), expected, atol=1e-12)
