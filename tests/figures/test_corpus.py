"""Figures of the corpus, the start and the runs page: to scale, complete, and letter for letter."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rnnlab.figures.corpus import character_path, split_bar
from rnnlab.figures.learning import Curve, View, overlay_chart
from rnnlab.figures.start import unrolled
from rnnlab.inspection.predictions import preview
from rnnlab.network.char_rnn import Architecture, CharRNN
from rnnlab.network.initialization import initial_params
from rnnlab.runs.metrics import COLUMNS
from rnnlab.text.vocabulary import Vocabulary


def test_parts_are_drawn_to_scale_and_empty_ones_left_out() -> None:
    figure = split_bar((900, 100, 0), "items")
    assert [trace.x[0] for trace in figure.data] == [900, 100]
    assert figure.data[0].name == "training: 900 items (90.0%)"
    assert figure.layout.xaxis.range == (0, 1000)


@pytest.mark.parametrize("size", [7, 1500])
def test_the_one_of_a_one_hot_vector_stands_at_its_index(size: int) -> None:
    symbols = [chr(0xAC00 + i) for i in range(size)]
    ids = np.array([3, 0, 6])
    vectors = np.array([[0.123, -2.0]] * 3, np.float32)
    figure = character_path([symbols[i] for i in ids], ids, symbols, vectors, "embedding")
    ones = next(trace for trace in figure.data if trace.type == "scatter" and trace.xaxis == "x2")
    assert list(ones.x) == [3, 0, 6]
    assert list(ones.y) == [0, 1, 2]
    np.testing.assert_allclose(figure.data[-1].z, vectors, atol=0.005)
    assert figure.data[-1].zmin == -figure.data[-1].zmax


def test_signs_are_never_taken_for_markup() -> None:
    text = "<i>&lt;"
    vocabulary = Vocabulary.from_text(text)
    architecture = Architecture("rnn_tanh", len(vocabulary), 0, 9, 1)
    params = initial_params(architecture, "pytorch", np.random.default_rng(1))
    look = preview(CharRNN(architecture, params), vocabulary, text)
    for figure in (
        unrolled(look),
        character_path(
            list(text), vocabulary.encode(text), vocabulary.symbols, np.ones((7, 2)), "embedding"
        ),
        overlay_chart([curve("<i>&lt;</i>")], View()),
    ):
        assert "<i>" not in json.dumps(figure.to_plotly_json(), default=str)


def test_the_character_that_comes_next_is_framed() -> None:
    vocabulary = Vocabulary.from_text("abc")
    architecture = Architecture("lstm", 3, 0, 9, 1)
    params = initial_params(architecture, "pytorch", np.random.default_rng(1))
    look = preview(CharRNN(architecture, params), vocabulary, "abcab", candidates=3)
    frames = [shape for shape in unrolled(look).layout.shapes if shape.fillcolor is None]
    assert len(frames) == 4  # all three characters are candidates; the last has no answer


def curve(label: str) -> Curve:
    steps = np.arange(50)
    metrics = {name: np.full(50, np.nan) for name in COLUMNS}
    metrics.update(step=steps, train_loss=4.0 - steps / 25, seconds=steps / 10.0)
    metrics["val_loss"] = np.where(steps % 10 == 0, 4.0 - steps / 30, np.nan)
    return Curve(label, metrics, 1.0)


def test_each_run_has_one_color_and_its_measured_points() -> None:
    figure = overlay_chart([curve("a"), curve("b")], View(across="seconds", smoothing=0))
    training, validation, other, _ = figure.data
    assert training.line.color == validation.line.color != other.line.color
    np.testing.assert_allclose(validation.x, [0, 1, 2, 3, 4])
    np.testing.assert_allclose(training.y, 4.0 - np.arange(50) / 25, rtol=1e-6)
    assert len(overlay_chart([curve("a")], View(), training=False).data) == 1


def test_accuracies_of_several_runs_are_percentages_of_the_validation_part() -> None:
    known, unknown = curve("a"), curve("b")
    steps = np.arange(50)
    known.metrics["val_accuracy"] = np.where(steps % 10 == 0, steps / 100, np.nan)
    figure = overlay_chart([known, unknown], View(unit="accuracy", logarithmic=True))
    np.testing.assert_allclose(figure.data[0].y, [0, 10, 20, 30, 40])
    assert len(figure.data[1].x) == 0
    assert len(figure.data) == 2  # of training there is no accuracy
    assert figure.layout.yaxis.title.text == "accuracy, % of<br>next characters foreseen"
    assert figure.layout.yaxis.type == "linear"


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_run_that_explodes_does_not_flatten_the_others(logarithmic: bool) -> None:
    wild = curve("wild")
    wild.metrics["train_loss"][-1] = 1e30
    axis = overlay_chart(
        [curve("a"), wild], View(logarithmic=logarithmic, smoothing=0)
    ).layout.yaxis
    low, high = 10 ** np.array(axis.range) if logarithmic else np.array(axis.range)
    calm = curve("a").metrics["train_loss"]
    assert low < calm.min()
    assert calm.max() < high < 2 * calm.max()


def test_a_run_without_measurements_is_an_empty_curve() -> None:
    empty = {name: np.empty(0) for name in COLUMNS}
    figure = overlay_chart([Curve("none yet", empty, 1.0)], View())
    assert all(len(trace.x) == 0 for trace in figure.data)
