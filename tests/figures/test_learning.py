"""The figure of a run that learns."""

from __future__ import annotations

import json
import math

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.utils import PlotlyJSONEncoder

from rnnlab.figures.learning import ACROSS, BEST_POSSIBLE, Curve, View, across_name, learning_chart
from rnnlab.figures.series import LossUnit, foreseen
from rnnlab.runs.metrics import COLUMNS

NAMES = {"train_loss": "training", "val_loss": "validation", "test_loss": "test"}


def metrics(n: int, *, test: bool = False) -> dict[str, np.ndarray]:
    """A curve of n measurements, one a second, validated at every tenth."""
    step = np.arange(1, n + 1)
    noise = np.random.default_rng(5).normal(0, 0.05, n)
    loss = 1.5 + 2.5 * np.exp(-step / 200) + noise
    columns = {name: np.full(n, np.nan) for name in COLUMNS}
    columns |= {"step": step, "epoch": step / 50, "seconds": step * 1.0, "train_loss": loss}
    columns |= {"grad_norm": np.abs(noise), "val_loss": np.where(step % 10 == 0, loss, np.nan)}
    columns["val_accuracy"] = np.where(step % 10 == 0, step / 200, np.nan)
    if test and n:
        columns["test_loss"][-1], columns["test_accuracy"][-1] = 1.75, 0.45
    return columns


def curve(n: int = 100, label: str = "this run", **more: bool) -> Curve:
    return Curve(label, metrics(n, **more), characters_per_update=2048.0)


def traces(figure: go.Figure) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data}


@pytest.mark.parametrize(
    ("across", "last"),
    [("steps", 100), ("epochs", 2), ("characters", 204_800), ("seconds", 100)],
)
def test_the_horizontal_axis_can_count_four_things(across: str, last: float) -> None:
    figure = learning_chart(curve(), View(across=across, smoothing=0.0))
    assert traces(figure)["training"].x[-1] == pytest.approx(last)
    assert figure.layout.xaxis.title.text


def test_losses_are_drawn_in_the_unit_that_was_asked_for() -> None:
    nats = traces(learning_chart(curve(), View(unit="nats")))["validation"].y
    bits = traces(learning_chart(curve(), View(unit="bits")))["validation"].y
    perplexity = traces(learning_chart(curve(), View(unit="perplexity")))["validation"].y
    np.testing.assert_allclose(bits, nats / math.log(2), rtol=1e-5)
    np.testing.assert_allclose(perplexity, np.exp(nats), rtol=1e-5)


def test_accuracy_is_drawn_in_percent_with_nothing_that_has_none() -> None:
    view = View(unit="accuracy", logarithmic=True)
    earlier = [curve(50, "1")]
    ladder = (3.0, 2.0, 1.8)
    figure = learning_chart(
        curve(test=True), view, earlier=earlier, best_possible=1.0, ladder=ladder
    )
    drawn = traces(figure)
    assert set(drawn) == {"1", None, "validation", "test", "gradient norm"}
    np.testing.assert_allclose(drawn["validation"].x, np.arange(10, 101, 10))
    np.testing.assert_allclose(drawn["validation"].y, np.arange(5, 51, 5))
    np.testing.assert_allclose(drawn["test"].y, [45])
    np.testing.assert_allclose(drawn["1"].y, np.arange(5, 26, 5))
    assert figure.layout.yaxis.title.text == "accuracy, % of<br>next characters foreseen"
    assert figure.layout.yaxis.type == "linear"
    assert not figure.layout.annotations


def test_the_axis_says_what_a_classifier_gets_right() -> None:
    view = View(unit="accuracy", foreseen=foreseen(["language"]))
    title = learning_chart(curve(), view).layout.yaxis.title.text
    assert title == "accuracy, % of<br>names classified right"


def test_a_run_from_before_accuracies_were_recorded_has_none() -> None:
    old = curve(test=True)
    assert old.has_accuracy
    for name in ("val_accuracy", "test_accuracy"):
        old.metrics[name][:] = np.nan
    assert not old.has_accuracy
    assert not len(traces(learning_chart(old, View(unit="accuracy")))["validation"].x)


def test_the_gradient_norm_has_no_unit_of_loss() -> None:
    first = traces(learning_chart(curve(), View(unit="nats")))["gradient norm"]
    second = traces(learning_chart(curve(), View(unit="bits")))["gradient norm"]
    np.testing.assert_array_equal(first.y, second.y)
    assert first.yaxis == "y2"


def test_smoothing_is_the_same_however_few_points_are_drawn() -> None:
    long, short = curve(5000), curve(200)
    same = traces(learning_chart(short, View()))["training, smoothed"]
    drawn = traces(learning_chart(long, View()))["training, smoothed"]
    assert len(drawn.x) < 300
    by_step = dict(zip(same.x.tolist(), same.y.tolist(), strict=True))
    for x, y in zip(drawn.x.tolist(), drawn.y.tolist(), strict=True):
        if x <= 200:
            assert y == pytest.approx(by_step[x], abs=0.5)


def test_without_smoothing_the_raw_curve_stands_alone() -> None:
    assert "training, smoothed" not in traces(learning_chart(curve(), View(smoothing=0.0)))


def test_the_test_loss_appears_when_there_is_one() -> None:
    assert "test" not in traces(learning_chart(curve(), View()))
    assert traces(learning_chart(curve(test=True), View()))["test"].y[0] == pytest.approx(1.75)


def test_the_best_possible_loss_is_a_level() -> None:
    level = traces(learning_chart(curve(), View(unit="bits"), best_possible=math.log(2)))
    assert set(level[BEST_POSSIBLE].y) == {1.0}


def test_earlier_runs_stay_behind_paler_with_age_and_say_what_they_are() -> None:
    earlier = [curve(50, "2"), curve(50, "1")]
    figure = learning_chart(curve(), View(), earlier=earlier)
    assert [trace.name for trace in figure.data[:2]] == ["1", "2"]
    assert figure.data[0].opacity < figure.data[1].opacity < 1
    assert list(figure.data[2].text) == ["1", "2"]


def test_the_zoom_survives_new_points_and_forgets_another_unit_or_run() -> None:
    def revisions(n: int, view: View, zoom: str = "one run") -> list[str]:
        layout = learning_chart(curve(n), view, zoom=zoom).layout
        return [layout[axis].uirevision for axis in ("xaxis", "yaxis", "yaxis2")]

    assert revisions(50, View()) == revisions(60, View())
    assert revisions(50, View())[1] != revisions(50, View(unit="bits"))[1]
    assert revisions(50, View())[0] == revisions(50, View(unit="bits"))[0]
    another = revisions(50, View(), "another run")
    assert not set(another) & set(revisions(50, View()))


def test_a_run_without_measurements_gives_an_empty_figure() -> None:
    figure = learning_chart(curve(0), View(), earlier=[curve(0, "1")], best_possible=1.0)
    assert all(len(trace.x) == 0 for trace in figure.data)


def test_a_long_run_stays_within_what_a_tick_may_send() -> None:
    figure = learning_chart(curve(100_000, test=True), View())
    parts = figure.to_dict()
    parts["layout"].pop("template")  # never sent
    assert len(json.dumps(parts, cls=PlotlyJSONEncoder)) < 12_000


def test_a_loss_that_explodes_is_drawn_on_a_logarithmic_axis() -> None:
    calm, wild = curve(), curve()
    wild.metrics["train_loss"][-1] = 1e32
    assert learning_chart(calm, View()).layout.yaxis.type == "linear"
    layout = learning_chart(wild, View()).layout
    assert (layout.yaxis.type, layout.yaxis2.type) == ("log", "linear")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("unit", ["nats", "bits", "perplexity"])
@pytest.mark.parametrize("loss", [89.0, 800.0, 1e30, math.inf])
@pytest.mark.parametrize("column", ["train_loss", "val_loss", "test_loss"])
def test_what_no_number_can_hold_is_left_out(unit: LossUnit, loss: float, column: str) -> None:
    """e^89 is too large for float32, in which curves are sent."""
    wild = curve(20, test=True)
    wild.metrics[column][-1] = loss
    figure = learning_chart(wild, View(unit=unit, smoothing=0.5), earlier=[wild])
    for trace in figure.data:
        if trace.mode != "text":
            assert np.isfinite(trace.y).all(), trace.name
    drawn = traces(figure).get(NAMES[column])
    is_drawn = unit != "perplexity" and math.isfinite(loss)
    assert (drawn is not None and 20 in drawn.x) == is_drawn


def test_axes_are_named_in_one_word_for_a_list() -> None:
    assert [across_name(each) for each in ACROSS] == ["updates", "epochs", "characters", "seconds"]
