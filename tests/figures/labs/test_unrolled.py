"""Unrolled diagrams: one box for each thing that is read, held and answered, and honest arrows."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from rnnlab.figures import colors
from rnnlab.figures.labs.shakespeare import form_of, unrolled_form
from rnnlab.training.config import RunConfig

STEP = RunConfig(cell="gru")
REVERSAL = STEP.replace(task="reversal", corpus="random-strings")
LANGUAGE = STEP.replace(task="language", corpus="names")
SURNAME = STEP.replace(task="surname", corpus="names")


def drawn(config: RunConfig) -> go.Figure:
    """The diagram of a run."""
    return unrolled_form(form_of(config))


def arrows(figure: go.Figure) -> list[tuple[float, float]]:
    """How far each arrow goes to the right, and up."""
    found = [a for a in figure.layout.annotations if a.showarrow]
    return [(round(a.x - a.ax, 2), round(a.y - a.ay, 2)) for a in found]


@pytest.mark.parametrize(
    ("config", "name", "read", "answered"),
    [
        (STEP, "many to many, in step", 4, 4),
        (STEP.replace(num_layers=3), "many to many, in step, deep", 4, 4),
        (LANGUAGE, "many to one", 5, 1),
        (LANGUAGE.replace(bidirectional=True), "many to one, read both ways", 5, 1),
        (SURNAME, "one to many", 5, 5),
        (REVERSAL, "many to many, encoder and decoder", 7, 4),
        (STEP.replace(model="window", window=1), "one to one", 4, 4),
    ],
)
def test_boxes_are_what_is_read_held_and_answered(
    config: RunConfig, name: str, read: int, answered: int
) -> None:
    form = form_of(config)
    assert form.name == name
    ways = 2 if config.bidirectional else 1
    held = len(form.reads) * config.num_layers * ways
    assert len(drawn(config).layout.shapes) == read + held + answered
    assert sum(map(bool, form.answers)) == answered


def test_a_state_goes_on_only_where_there_is_one() -> None:
    to_the_right = [dx for dx, dy in arrows(drawn(STEP)) if dy == 0]
    assert len(to_the_right) == 3
    assert min(to_the_right) > 0
    without = arrows(drawn(STEP.replace(model="window", window=1)))
    assert all(dx == 0 for dx, _ in without)


def test_reading_from_both_ends_has_as_many_arrows_back_as_forth() -> None:
    level = [dx for dx, dy in arrows(drawn(LANGUAGE.replace(bidirectional=True))) if dy == 0]
    assert sum(dx > 0 for dx in level) == sum(dx < 0 for dx in level) == 4


def test_both_directions_read_every_letter_and_answer_where_each_has_read_them_all() -> None:
    figure = drawn(LANGUAGE.replace(bidirectional=True))
    found = [a for a in figure.layout.annotations if a.showarrow and round(a.y - a.ay, 2) != 0]
    from_the_text = [a for a in found if a.ay == 1.0]  # the top of what is read
    assert len(from_the_text) == 2 * 5
    answering = sorted(round(a.ax) for a in found if a not in from_the_text)
    assert answering == [0, 4]  # backwards ends at the first letter, forwards at the last


def test_the_encoder_answers_nothing_and_hands_over_one_state() -> None:
    form = form_of(REVERSAL)
    assert form.answers[: form.encoder_steps] == ("", "", "")
    handed = [a for a in drawn(REVERSAL).layout.annotations if a.arrowcolor == colors.SERIES[0]]
    assert [(round(a.ax), round(a.x)) for a in handed] == [(2, 3)]


def test_answers_are_fed_back_only_without_full_teacher_forcing() -> None:
    def fed_back(config: RunConfig) -> int:
        return sum(dx > 0 and dy < 0 for dx, dy in arrows(drawn(config)))

    assert fed_back(REVERSAL) == 0
    assert fed_back(REVERSAL.replace(teacher_forcing=0.5)) == 3
