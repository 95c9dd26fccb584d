"""Lines and bars of the ladder of n-gram models."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.ladder import as_good_as, rung_bars, rung_lines, rung_names
from rnnlab.network.losses import bits_per_character

LADDER = (4.0, 3.0, 2.0, 1.6, 1.7)
ENDS = np.array([0.0, 10.0])


def test_only_rungs_that_gain_are_drawn() -> None:
    heights = np.asarray(rung_lines(LADDER, "nats", ENDS).y).reshape(-1, 3)
    np.testing.assert_allclose(heights[:, 0], [4.0, 3.0, 2.0, 1.6], rtol=1e-6)
    assert np.isnan(heights[:, 2]).all()


def test_heights_are_in_the_unit_of_the_chart() -> None:
    trace = rung_lines(LADDER, "bits", ENDS)
    assert np.asarray(trace.y)[0] == pytest.approx(bits_per_character(4.0), rel=1e-6)


def test_names_stand_at_their_lines_and_not_on_each_other() -> None:
    names = rung_names((4.0, 3.0, 2.0, 1.99, 1.5), "nats", 1.4, logarithmic=False)
    assert [name["text"] for name in names] == ["uniform", "1-gram", "2-gram", "4-gram"]
    assert [name["y"] for name in names] == [4.0, 3.0, 2.0, 1.5]
    (first, *_) = rung_names(LADDER, "nats", 1.4, logarithmic=True)
    assert first["y"] == pytest.approx(np.log10(4.0))


def test_a_loss_is_named_by_its_rung() -> None:
    assert as_good_as(2.5, LADDER) == "1.5-gram"
    assert as_good_as(5.0, LADDER) == "uniform"
    assert as_good_as(1.0, LADDER) == "> 3-gram"
    assert as_good_as(None, LADDER) == "–"


def test_bars_have_the_network_across_them() -> None:
    figure = rung_bars(LADDER, 1.8, "nats")
    assert list(figure.data[0].x) == ["uniform", "1-gram", "2-gram", "3-gram", "4-gram"]
    np.testing.assert_allclose(figure.data[1].y, 1.8)
    assert len(rung_bars(LADDER, None, "nats").data) == 1
