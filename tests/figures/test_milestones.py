"""Rings stand where a kind was learned, and every place on the axis is a number of updates."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.milestones import (
    milestone_chart,
    milestones_told,
    updates_at,
    words_chart,
    words_told,
)
from rnnlab.figures.players import SnapshotSeries
from rnnlab.figures.scales import TANH
from rnnlab.inspection.milestones import Learning, word_counts

STEPS = (0, 1, 4, 16)


def test_rings_stand_at_the_milestones() -> None:
    early = Learning("spaces", 9, np.array([6.0, 2, 1, 1]), pairs=3.0, uniform=6.0)
    never = Learning("capitals", 9, np.array([6.0, 6, 6, 6]), pairs=3.0, uniform=6.0)
    figure = milestone_chart([early, never], STEPS, "pairs")
    assert [updates_at(x) for x in figure.data[0].x] == list(STEPS)
    rings = [trace for trace in figure.data if trace.name.endswith("learned")]
    assert [(updates_at(ring.x[0]), ring.y[0]) for ring in rings] == [(1, 2.0)]
    assert list(figure.layout.xaxis.ticktext) == ["0", "1", "4", "16"]


def test_words_that_were_not_written_leave_a_gap() -> None:
    figure = words_chart(word_counts(["a b .", "", "a x ", "a a "], {"a"}), STEPS)
    np.testing.assert_array_equal(figure.data[0].y, np.float32([0.5, np.nan, 0.5, 1]))


def test_a_film_refuses_frames_of_other_lengths() -> None:
    with pytest.raises(ValueError, match="A film of 2 moments"):
        SnapshotSeries(
            steps=(0, 1),
            losses=np.zeros(2),
            loss_name="Loss",
            text="ab",
            start=0,
            value_name="h of unit 0",
            scale=TANH,
            values=np.zeros((2, 3)),
            chances=np.zeros((2, 2)),
            candidates=("a", "b"),
            shares=np.zeros((2, 2, 1)),
            prime="",
            samples=("", ""),
            symbols="ab",
            points=np.zeros((2, 2, 2)),
            map_shares=np.zeros(2),
            features=(),
            scores=np.zeros((2, 0)),
            best=np.zeros((2, 0)),
            best_units=np.zeros((2, 0)),
        )


def test_the_order_is_told_with_the_snapshots_around_it() -> None:
    def line(name: str, *bits: float) -> Learning:
        return Learning(name, 9, np.array(bits), pairs=3.0, uniform=6.0)

    lines = [
        line("late", 6, 6, 6, 1),
        line("a", 6, 1, 1, 1),
        line("b", 6, 1, 1, 1),
        line("never", 1, 1, 1, 6),
        line("first", 1, 1, 1, 1),
    ]
    assert milestones_told(lines, STEPS, "pairs") == (
        "Learned in this order: **first** by the first stored moment, update 0; **a and b** "
        "between updates 0 and 1; **late** between updates 4 and 16, the last moment. Not learned "
        "by the end: **never**."
    )


def test_from_when_on_what_is_written_are_words() -> None:
    shares = np.array([[0.6, 0.1, 0.1], [0.4, 0.1, 0.9], [0.6, 0.1, np.nan], [0.6, 0.6, 0.5]])
    assert words_told(shares, STEPS) == (
        "When more than half of the words that it writes occur in the text: 1 to 3 letters: from "
        "update **4** on; 4 to 6 letters: only at the last moment; 7 letters and more: never for "
        "good."
    )
