"""One exchanged character: nothing before it, and afterwards what reading both texts gives."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.interventions.edit import one_edit
from rnnlab.network.cells import CELLS
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.losses import log_softmax
from tests.inspection.planted import LETTERS, planted
from tests.inspection.reading import random_network

V, T, SKIP, PLACE, NEW = 6, 130, 9, 60, 5


def network(cell: str) -> CharRNN:
    return random_network(Architecture(cell, V, 3, 7, 2), "orthogonal")


def text() -> np.ndarray:
    return np.random.default_rng(2).integers(V - 1, size=T)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("item_end", [None, 0])
def test_before_the_edit_everything_is_exactly_nothing(cell: str, item_end: int | None) -> None:
    found = one_edit(network(cell), text(), PLACE, NEW, skip=SKIP, item_end=item_end)
    assert (found.distances()[:, :PLACE] == 0).all()
    assert (found.divergences()[:PLACE] == 0).all()
    assert (found.surprise_changes()[:PLACE] == 0).all()
    assert (found.distances()[:, PLACE] > 0).all()
    assert found.divergences()[PLACE] > 0


@pytest.mark.parametrize("cell", CELLS)
def test_differences_are_those_of_reading_both_texts(cell: str) -> None:
    model, ids = network(cell), text()
    edited = ids.copy()
    edited[SKIP + PLACE] = NEW
    one, other = model.forward(ids[None]), model.forward(edited[None])
    found = one_edit(model, ids, PLACE, NEW, skip=SKIP)
    for k in (0, 1):
        expected = (other.trace("h", k) - one.trace("h", k))[0, SKIP:]
        np.testing.assert_allclose(found.differences[k], expected, atol=1e-5)
    p, q = log_softmax(one.logits)[0, SKIP:], log_softmax(other.logits)[0, SKIP:]
    np.testing.assert_allclose(found.divergences(), (np.exp(p) * (p - q)).sum(axis=1), atol=1e-5)
    follows = ids[SKIP + 1 :], np.arange(T - SKIP - 1)
    expected = p[follows[1], follows[0]] - q[follows[1], follows[0]]
    np.testing.assert_allclose(found.surprise_changes(), expected, atol=1e-5)
    assert (found.divergences() > -1e-9).all()


def test_the_same_character_changes_nothing() -> None:
    ids = text()
    found = one_edit(network("gru"), ids, PLACE, int(ids[SKIP + PLACE]), skip=SKIP)
    assert not found.distances().any()
    assert not found.divergences().any()
    assert found.lasts(0) is None


def test_a_network_without_memory_forgets_at_the_next_character() -> None:
    found = one_edit(planted(), LETTERS.encode("abdabd"), 1, 2)
    np.testing.assert_array_equal(np.flatnonzero(found.distances()[0]), [1])
    assert found.lasts(0) == 1


def test_items_are_read_apart_so_the_next_one_knows_nothing() -> None:
    ids, end = text(), 4
    found = one_edit(network("lstm"), ids, PLACE, NEW, skip=SKIP, item_end=end)
    following = SKIP + PLACE + 1 + int(np.flatnonzero(ids[SKIP + PLACE + 1 :] == end)[0])
    assert not found.distances()[:, following - SKIP :].any()
    assert found.distances()[0, following - SKIP - 1] > 0


@pytest.mark.parametrize("place", [-1, T - SKIP])
def test_a_place_outside_the_text_is_refused(place: int) -> None:
    with pytest.raises(ValueError, match=f"none at {place} to exchange"):
        one_edit(network("gru"), text(), place, NEW, skip=SKIP)
