"""Units selected by an example, and the stretches most like it: planted answers, a slow oracle."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.inspection.units.matching import (
    Match,
    Matches,
    find_matches,
    highest_threshold,
    occurrences,
    read_activity,
    selected_units,
    switched_on,
    touching,
)
from rnnlab.network.char_rnn import Architecture
from tests.inspection.reading import random_network


def planted(length: int, units: int, spans: dict[int, list[tuple[int, int]]]) -> np.ndarray:
    """(T, U) where each unit is on in its spans and nowhere else."""
    on = np.zeros((length, units), bool)
    for unit, where in spans.items():
        for start, end in where:
            on[start:end, unit] = True
    return on


def test_exactly_the_two_planted_units_are_selected() -> None:
    on = planted(40, 6, {1: [(10, 15)], 4: [(10, 15), (30, 32)], 2: [(8, 20)], 3: [(11, 15)]})
    assert selected_units(on, 10, 15, before=1, after=1).tolist() == [1, 4]
    assert selected_units(on, 10, 15).tolist() == [1, 2, 4]
    assert selected_units(on, 10, 15, before=2).tolist() == [1, 4]
    assert selected_units(on, 10, 15, after=5).tolist() == [1, 4]
    assert selected_units(on, 30, 32, before=15, after=8).tolist() == [4]
    assert selected_units(on, 0, 5, before=3, after=3).tolist() == []


def test_the_threshold_counts_as_on_and_a_negative_unit_as_another() -> None:
    values = np.array([[0.3, -0.3, 0.29, -0.8]])
    assert switched_on(values, 0.3).tolist() == [[True, False, False, False]]
    both = switched_on(values, 0.3, both_signs=True)
    assert np.flatnonzero(both).tolist() == [0, 5, 7]


@pytest.mark.parametrize("both_signs", [False, True])
def test_up_to_the_highest_threshold_a_unit_is_selected_and_not_beyond(both_signs: bool) -> None:
    values = np.random.default_rng(5).uniform(-1, 1, (12, 6)) - 0.3
    highest = highest_threshold(values, 4, 6, both_signs=both_signs)
    for threshold, is_found in ((highest, True), (np.nextafter(highest, 9), False)):
        on = switched_on(values, threshold, both_signs=both_signs)
        assert bool(len(selected_units(on, 4, 6))) == is_found


def test_a_span_outside_the_text_is_refused() -> None:
    for start, end in ((-1, 2), (3, 3), (3, 9)):
        with pytest.raises(ValueError, match="first and its last"):
            selected_units(np.zeros((5, 2), bool), start, end)


def test_matches_stand_in_the_order_of_the_ranking() -> None:
    """Both units and nothing else; the same, shorter; with one more unit; one unit only."""
    on = planted(
        100,
        5,
        {
            0: [(5, 9), (20, 23), (40, 46), (60, 63), (80, 95)],
            1: [(5, 9), (20, 23), (40, 46), (60, 63)],
            2: [(60, 63)],
        },
    )
    found = find_matches(on, np.array([0, 1]), np.arange(100), apart_from=(5, 9))
    assert found.best == (
        Match(40, 46, 2, 2),
        Match(20, 23, 2, 2),
        Match(60, 63, 2, 3),
        Match(80, 95, 1, 2),
    )
    assert (found.candidates, found.level) == (4, 1)
    few = find_matches(on, np.array([0, 1]), np.arange(100), candidates=3)
    assert (len(few.best), few.level) == (4, 2)  # a whole level, the span itself among it


def test_no_run_goes_over_a_gap_in_what_was_read() -> None:
    on = np.ones((6, 1), bool)
    places = np.array([10, 11, 12, 50, 51, 52])
    found = find_matches(on, np.array([0]), places)
    assert [(match.start, match.end) for match in found.best] == [(10, 13), (50, 53)]


def test_nothing_selected_or_on_gives_no_matches() -> None:
    on = np.zeros((9, 3), bool)
    assert find_matches(on, np.array([], int), np.arange(9)) == Matches((), 0, 0)
    assert find_matches(on, np.array([1]), np.arange(9)) == Matches((), 0, 0)


def test_matches_that_touch_the_text_of_the_example_are_counted() -> None:
    where = occurrences("abab xx aba", "aba")
    assert where.tolist() == [0, 8]
    assert occurrences("aaaa", "aa").tolist() == [0, 1, 2]
    assert occurrences("a.c abc", "a.c").tolist() == [0]
    matches = [Match(*place, 1, 1) for place in ((2, 3), (3, 5), (5, 8), (5, 9), (10, 11))]
    assert touching(matches, where, 3) == 3
    assert touching(matches, np.array([], int), 3) == 0


def slowly(on: np.ndarray, chosen: list[int], places: np.ndarray, enough: int) -> list[Match]:
    """The definition, step by step."""
    counts = [sum(bool(row[unit]) for unit in chosen) for row in on]
    runs: list[tuple[int, int, int]] = []  # count, first row, one past the last
    for t, count in enumerate(counts):
        joined = runs and runs[-1][0] == count and places[t] == places[t - 1] + 1
        runs = [*runs[:-1], (count, runs[-1][1], t + 1)] if joined else [*runs, (count, t, t + 1)]
    candidates: list[tuple[int, int, int]] = []
    for level in range(len(chosen), 0, -1):
        candidates += [run for run in runs if run[0] == level]
        if len(candidates) >= enough:
            break
    found = []
    for _, first, end in candidates:
        active = {unit for unit in range(on.shape[1]) if all(on[first:end, unit])}
        together = active & set(chosen), active | set(chosen)
        start, stop = int(places[first]), int(places[end - 1]) + 1
        found.append(Match(start, stop, len(together[0]), len(together[1])))
    return sorted(found, key=lambda m: (-m.shared, m.united, m.start - m.end, m.start))


@pytest.mark.parametrize("enough", [1, 40, 10_000])
@pytest.mark.parametrize("seed", range(4))
def test_the_fast_search_agrees_with_the_definition(seed: int, enough: int) -> None:
    rng = np.random.default_rng(seed)
    on = rng.random((300, 9)) < 0.6
    places = np.cumsum(rng.choice([1, 1, 1, 1, 7], 300))
    chosen = np.flatnonzero(rng.random(9) < 0.5)
    expected = slowly(on, chosen.tolist(), places, enough)
    found = find_matches(on, chosen, places, candidates=enough, shown=25)
    assert found.candidates == len(expected)
    assert list(found.best) == expected[:25]


@pytest.mark.parametrize("length", [700, 3_000])
def test_activity_is_what_one_reading_of_the_whole_text_gives(length: int) -> None:
    architecture = Architecture("lstm", vocab_size=7, embedding_size=3, hidden_size=5, num_layers=2)
    model = random_network(architecture)
    ids = np.random.default_rng(2).integers(0, 7, 3_000)
    found = read_activity(model, ids, "c", (0, 1), length)
    tape = model.forward(ids[None])
    whole = np.concatenate([tape.trace("c", 0)[0], tape.trace("c", 1)[0]], axis=1)
    assert len(found.places) >= length - 200  # the first piece only warms the network up
    np.testing.assert_allclose(found.values, whole[found.places], atol=1e-4)
