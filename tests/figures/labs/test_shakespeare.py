"""The curves of learning by heart, and of gradients that travel back."""

from __future__ import annotations

import numpy as np
import pytest

from rnnlab.figures.labs.shakespeare import by_heart_chart, gradient_flow_chart, rolling_mean
from rnnlab.inspection.gradients.backward import GradientFlow


def test_a_rolling_mean_looks_back_only() -> None:
    y = np.array([4.0, 2.0, 0.0, 6.0])
    np.testing.assert_allclose(rolling_mean(y, 2), [4, 3, 1, 3])
    np.testing.assert_allclose(rolling_mean(y, 9), [4, 3, 2, 3])
    np.testing.assert_allclose(rolling_mean(y, 1), y)


def test_the_chart_has_the_run_the_other_seeds_and_what_was_published() -> None:
    metrics = {"epoch": np.arange(5.0), "train_loss": np.array([4.0, np.nan, 3.0, 2.0, 1.0])}
    figure = by_heart_chart(metrics, [np.array([3.0, 1.0])] * 2, (2.7, 0.26))
    names = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert names == ["other seeds", "this run", "rolling average", "published"]
    assert list(figure.data[0].x) == [0.5, 1.5]  # an epoch's mean stands in its middle
    assert list(figure.data[2].x) == [0, 2, 3, 4]
    assert list(figure.data[-1].y) == [2.7, 0.26]


def test_gradients_are_drawn_relative_to_the_last_step_and_infinite_ones_left_out() -> None:
    norms = np.array([2.0, 1.0, 0.0, np.inf])
    figure = gradient_flow_chart({"tanh RNN": GradientFlow(norms, 1.0)})
    np.testing.assert_array_equal(figure.data[0].x, [0, 1])
    assert figure.data[0].y == pytest.approx([1.0, 0.5])
    assert figure.layout.yaxis.type == "log"
