"""Runs as dots beside a published number."""

from __future__ import annotations

from rnnlab.figures.labs.dinosaurs import SeedRow, epoch_chart, seed_chart

ROWS = (
    SeedRow("first", (1.5, 1.7), ("a-1", "a-2"), 1.6),
    SeedRow("second", (), (), 1.4),
    SeedRow("third", (2.0,), ("c-1",), None),
)


def test_each_dot_is_a_run_and_knows_which() -> None:
    dots, _ = seed_chart(ROWS, "loss").data
    found = list(zip(dots.y, dots.x, dots.customdata, strict=True))
    assert found == [("first", 1.5, "a-1"), ("first", 1.7, "a-2"), ("third", 2.0, "c-1")]


def test_a_diamond_stands_only_where_something_was_published() -> None:
    _, diamonds = seed_chart(ROWS, "loss").data
    assert list(zip(diamonds.y, diamonds.x, strict=True)) == [("first", 1.6), ("second", 1.4)]


def test_the_first_row_is_on_top_and_all_are_in_sight() -> None:
    layout = seed_chart(ROWS, "loss, nats").layout
    assert layout.yaxis.categoryarray == ("third", "second", "first")
    low, high = layout.yaxis.range
    assert low < 0
    assert high > len(ROWS) - 1
    assert layout.xaxis.title.text == "loss, nats"


def test_printed_losses_stand_at_their_epochs() -> None:
    figure = epoch_chart({"a": [3.0, 2.0], "b": []}, [1.9, 1.8, 1.7], 4)
    first, second, diamonds = figure.data
    assert (list(first.x), list(first.y)) == ([1, 2], [3.0, 2.0])
    assert list(second.x) == []
    assert list(zip(diamonds.x, diamonds.y, strict=True)) == [(4, 1.9), (8, 1.8), (12, 1.7)]
    assert first.line.dash != second.line.dash
