"""What changed units cost: against planted networks, and against one unit at a time."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.interventions.clamping import (
    CostRanking,
    character_losses,
    cost,
    error_of_mean,
    ranking,
    tapes,
    usual_values,
)
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.clamps import Clamp
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import cross_entropy
from rnnlab.text.features import CLASS_NAMES, classify
from tests.inspection.planted import DECIDES, IDLE, LETTERS, planted

V = 5


def network(cell: str, layers: int = 2) -> CharRNN:
    architecture = Architecture(cell, V, 3, 6, layers)
    params = initial_params(architecture, "orthogonal", np.random.default_rng(1))
    return CharRNN(architecture, {name: 2.0 * p.astype(np.float64) for name, p in params.items()})


def text(length: int = 120) -> np.ndarray:
    return np.random.default_rng(2).integers(V, size=length)


@pytest.mark.parametrize("item_end", [None, 3])
def test_losses_are_those_of_reading_at_once(item_end: int | None) -> None:
    model, ids = network("gru"), text()
    found = character_losses(model, ids, item_end=item_end)
    ends = [] if item_end is None else np.flatnonzero(ids[:-1] == item_end)
    lost = 0.0
    for part in np.split(np.arange(len(ids) - 1), ends):
        if len(part):
            logits = model.forward(ids[None, part]).logits
            lost += cross_entropy(logits, ids[None, part + 1])[0] * len(part)
    assert found.shape == (len(ids) - 1,)
    assert found.sum() == pytest.approx(lost)


@pytest.mark.parametrize(("cell", "name"), [("lstm", "c"), ("lstm", "h"), ("gru", "h")])
@pytest.mark.parametrize("item_end", [None, 3])
@pytest.mark.parametrize("layer", [0, 2])
def test_all_units_at_once_cost_what_each_costs_alone(
    cell: str, name: str, layer: int, item_end: int | None
) -> None:
    model, ids, skip = network(cell, 3), text(), 7
    usual = usual_values(model, ids)[name, layer]
    found = ranking(model, ids, name, layer, usual.mean, skip=skip, item_end=item_end)
    untouched = character_losses(model, ids, item_end=item_end)[skip - 1 :]
    for unit in range(6):
        clamp = Clamp(layer, name, unit, float(usual.mean[unit]))
        alone = character_losses(model, ids, clamps=[clamp], item_end=item_end)[skip - 1 :]
        assert found.changes[unit] == pytest.approx((alone - untouched).mean(), abs=1e-12)
        assert found.errors[unit] == pytest.approx(error_of_mean(alone - untouched))
    assert found.loss == pytest.approx(untouched.mean())
    assert found.characters == len(ids) - skip
    assert (np.diff(found.changes[found.order]) <= 0).all()


def test_a_unit_nobody_listens_to_costs_exactly_nothing() -> None:
    ids = LETTERS.encode("abd" * 40)
    found = ranking(planted(), ids, "h", 0, np.zeros(6))
    assert found.changes[IDLE] == 0.0
    assert found.is_noise[IDLE]
    assert not found.is_noise[DECIDES]
    # Held at 0, unit 0 leaves "b" and "c" equally likely after each "a", a third of the text.
    assert found.changes[DECIDES] == pytest.approx(np.log(2) / 3, rel=0.02)
    assert found.order[0] != IDLE


def test_the_cost_lies_where_the_unit_decides() -> None:
    """Held at −1, only what follows an "a" is expected wrongly."""
    ids = LETTERS.encode("abd" * 40)
    clamp = Clamp(0, "h", DECIDES, -1.0)
    change = character_losses(planted(), ids, clamps=[clamp]) - character_losses(planted(), ids)
    follows_a = ids[:-1] == 0
    np.testing.assert_allclose(change[follows_a], 100, rtol=1e-6)
    np.testing.assert_allclose(change[~follows_a], 0, atol=1e-9)


def test_the_classes_add_up_to_the_whole_change() -> None:
    sentence = "The sea, Nan.\nIt rises at 7, they say.\n" * 6
    rng = np.random.default_rng(3)
    before, after = rng.exponential(size=(2, len(sentence)))
    found = cost(before, after, classify(sentence))
    assert sum(each.share for each in found.classes) == pytest.approx(found.change)
    assert sum(each.count for each in found.classes) == len(sentence)
    assert found.change == pytest.approx((after - before).mean())
    assert {each.name for each in found.classes} <= set(CLASS_NAMES)
    for each in found.classes:
        there = classify(sentence) == CLASS_NAMES.index(each.name)
        assert each.before == pytest.approx(before[there].mean())
        assert each.share == pytest.approx((after - before)[there].sum() / len(sentence))


def test_usual_values_are_percentiles_of_what_the_units_do() -> None:
    model, ids = network("lstm"), text()
    trace = model.forward(ids[None]).trace("c", 1)[0]
    usual = usual_values(model, ids)["c", 1]
    np.testing.assert_allclose(usual.mean, trace.mean(axis=0))
    np.testing.assert_allclose(usual.low, np.percentile(trace, 1, axis=0))
    np.testing.assert_allclose(usual.high, np.percentile(trace, 99, axis=0))


def test_usual_values_of_a_long_text_come_from_all_over_it() -> None:
    """The first half makes the network wholly different from the second: the mean lies between."""
    model = planted()
    ids = LETTERS.encode("a" * 20_000 + "b" * 20_000)
    usual = usual_values(model, ids)["h", 0]
    assert usual.mean[1] == pytest.approx(0.5)  # unit 1 is on after each "a"
    assert (usual.low[1], usual.high[1]) == (0.0, 1.0)


def test_the_error_grows_where_neighbours_go_together() -> None:
    """Independent values: the usual error; each repeated 25 times: five times as much.

    Over 400 blocks the estimate strays by 15 % once in 10^4 times; the seed is fixed.
    """
    values = np.random.default_rng(4).standard_normal(10_000)
    assert error_of_mean(values) == pytest.approx(0.01, rel=0.15)
    assert error_of_mean(np.repeat(values[:400], 25)) == pytest.approx(0.05, rel=0.15)
    assert np.isnan(error_of_mean(values[:49]))


def test_with_too_little_text_everything_is_within_luck() -> None:
    none = np.full(2, np.nan)
    assert CostRanking("h", 0, np.array([0.5, 0.0]), none, 1.0, 3).is_noise.all()


@pytest.mark.filterwarnings("ignore:invalid value")
def test_texts_too_short_and_values_too_large_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1 character\(s\)"):
        character_losses(planted(), np.array([0]))
    model = planted()
    model.params["decoder.weight"][:] = np.inf
    with pytest.raises(ValueError, match="beyond all numbers"):
        list(tapes(model, np.array([0, 1])))
