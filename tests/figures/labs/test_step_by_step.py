"""The figures of the step-by-step lab show the numbers they are given."""

from __future__ import annotations

import pytest

from rnnlab.figures import colors
from rnnlab.figures.labs.step_by_step import epochs_chart, hardness_bars, stages, stages_figure
from rnnlab.inspection.text_loss import Hardness
from rnnlab.network.char_rnn import Architecture


def test_losses_stand_at_their_epochs() -> None:
    training, validation, test = epochs_chart([2.5, 1.9], [2.1, 1.8], 1.85).data
    assert (tuple(training.x), tuple(training.y)) == ((1, 2), (2.5, 1.9))
    assert tuple(validation.y) == (2.1, 1.8)
    assert (tuple(test.x), tuple(test.y)) == ((2,), (1.85,))
    assert [t.line.color for t in (training, validation)] == [colors.TRAINING, colors.VALIDATION]


def test_what_was_not_measured_is_not_drawn() -> None:
    (only,) = epochs_chart([2.5], [], None).data
    assert only.name.startswith("training")


def test_the_hardest_character_stands_on_top_and_can_be_seen() -> None:
    found = [Hardness("\n", 5, 3.0, 0.6), Hardness("<", 5, 2.0, 0.4)]
    figure = hardness_bars(found, 2.5)
    assert list(figure.data[0].y) == ["&lt;", "↵"]  # bars are drawn from the bottom up
    assert figure.layout.shapes[0].x0 == 2.5
    assert list(hardness_bars([Hardness("line end", 1, 1.0, 1.0)], 1.0).data[0].y) == ["line end"]


@pytest.mark.parametrize("layers", [1, 3])
def test_every_arrow_of_the_diagram_names_its_shape(layers: int) -> None:
    parts = stages(Architecture("rnn_tanh", 65, 32, 100, layers), 8, 20)
    figure = stages_figure(parts, (8, 20))
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert "x  (8, 20)" in texts
    assert "e  (8, 20, 32)" in texts
    assert "logits  (8, 20, 65)" in texts
    assert sum("at first zeros  (8, 100)" in text for text in texts) == layers
    assert sum(annotation.showarrow for annotation in figure.layout.annotations) == layers + 3
    assert len(figure.layout.shapes) == len(parts)
