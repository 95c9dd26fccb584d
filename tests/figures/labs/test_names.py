"""Figures of names that are told apart."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.labs.names import (
    ScoreMark,
    belief_heatmap,
    confusion_heatmap,
    exchange_heatmap,
    scores_chart,
    thousands_chart,
)

LABELS = ("Arabic", "<b>Dutch</b>")


def test_rows_of_a_confusion_matrix_are_shares_also_where_there_is_no_name() -> None:
    (cells,) = confusion_heatmap(np.array([[3, 1], [0, 0]]), LABELS).data
    np.testing.assert_allclose(cells.z, [[0.75, 0.25], [0, 0]])
    np.testing.assert_array_equal(cells.customdata, [[3, 1], [0, 0]])
    assert cells.y[1] == "&lt;b&gt;Dutch&lt;/b&gt;"


def test_a_letter_that_occurs_twice_has_two_columns_and_no_marks() -> None:
    figure = belief_heatmap(np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]), "a<a", LABELS)
    np.testing.assert_allclose(figure.data[0].z, [[0.9, 0.2, 0.5], [0.1, 0.8, 0.5]])
    assert list(figure.layout.xaxis.ticktext) == ["a", "&lt;", "a"]
    assert figure.data[0].text[0][2] == "a&lt;a"


def test_an_exchange_says_what_the_name_is_taken_for_then() -> None:
    kept, guesses = np.array([[0.9, 0.1]]), np.array([[0, 1]])
    (cells,) = exchange_heatmap(kept, guesses, "ab", "x", LABELS).data
    assert list(cells.text[0]) == ["Arabic", "&lt;b&gt;Dutch&lt;/b&gt;"]
    assert list(cells.y) == ["x"]


def test_scores_stand_from_top_to_bottom_with_their_spread() -> None:
    scores = [ScoreMark("a", 2.0, 0.5, False), ScoreMark("b", 1.0, None, True)]
    figure = scores_chart(scores, "accuracy (%)")
    assert list(figure.layout.yaxis.categoryarray) == ["b", "a"]
    assert [list(t.error_x.array) for t in figure.data] == [[0.5], [0]]
    assert figure.data[0].marker.color != figure.data[1].marker.color


@pytest.mark.parametrize("scores", [[], [ScoreMark("a", 2.0, 0.5, True)]])
def test_a_kind_of_score_without_any_has_no_entry(scores: list[ScoreMark]) -> None:
    assert len(scores_chart(scores, "x").data) == len(scores)


def test_losses_are_drawn_where_they_were_measured() -> None:
    nan = float("nan")
    steps, validation = np.array([1, 1000, 2000]), np.array([nan, 2.5, 2.0])
    figure = thousands_chart(steps, np.array([nan, nan, 1.5]), validation)
    assert [list(trace.x) for trace in figure.data] == [[2000], [1000, 2000]]
    assert len(thousands_chart(steps, np.full(3, nan), validation).data) == 1
