"""The analysis says what the numbers say, for curves whose meaning is known."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from rnnlab.inspection.analysis import SETTLED, Numbers, analysis
from rnnlab.inspection.text_loss import Hardness, LossByCharacter

HARD = LossByCharacter(
    kinds=(
        Hardness("capital", 20, 2.5, 0.4),
        Hardness("first small letter of a word", 60, 1.5, 0.5),
        Hardness("space", 20, 0.25, 0.1),
    ),
    characters=(
        Hardness("Q", 3, 6.0, 0.1),
        Hardness("\n", 70, 2.25, 0.5),
        Hardness("<", 55, 1.5, 0.4),
    ),
    loss=1.25,
    accuracy=0.5,
    count=100,
)
LEARNING = Numbers(
    training=(2.3, 1.9, 1.7),
    validation=(2.1, 1.85, 1.72),
    test=1.75,
    vocab_size=65,
    cell="rnn_tanh",
    hidden_size=128,
    dropout=0.0,
    hard=None,
)
SETTLED_DOWN = replace(LEARNING, training=(2.3, 1.72, 1.70), validation=(2.1, 1.715, 1.712))
MEMORIZING = replace(LEARNING, training=(1.9, 1.4, 0.9), validation=(1.95, 1.7, 1.9))


def answers(numbers: Numbers) -> dict[str, str]:
    return {finding.question: finding.answer for finding in analysis(numbers)}


def test_a_falling_curve_has_not_converged_and_wants_more_epochs() -> None:
    said = answers(LEARNING)
    assert said["Did it converge?"].startswith("Not yet")
    assert "0.130" in said["Did it converge?"]  # 1.85 − 1.72
    assert said["Overfitting or underfitting?"].startswith("Neither yet")
    assert "Train for 6 epochs" in said["What to try next?"]


def test_a_flat_curve_without_a_gap_is_converged_and_underfits() -> None:
    said = answers(SETTLED_DOWN)
    assert said["Did it converge?"].startswith("Yes")
    assert "−0.003" in said["Did it converge?"]
    assert said["Overfitting or underfitting?"].startswith("Underfitting")
    assert "256 instead of 128" in said["What to try next?"]
    assert "epochs" not in said["What to try next?"]


def test_a_rising_validation_loss_is_overfitting_by_as_much_as_it_rose() -> None:
    said = answers(MEMORIZING)
    assert "lowest after epoch 2 and has risen by 0.200" in said["Did it converge?"]
    assert said["Overfitting or underfitting?"].startswith("Overfitting")
    assert "1.000 above" in said["Overfitting or underfitting?"]  # 1.9 − 0.9
    assert "Stop after epoch 2" in said["What to try next?"]
    assert "dropout from 0 to 0.2" in said["What to try next?"]
    assert "hidden units" not in said["What to try next?"]


def test_a_gap_that_does_not_grow_is_some_overfitting() -> None:
    said = answers(replace(LEARNING, training=(2.0, 1.5, 1.495), validation=(2.1, 1.7, 1.695)))
    assert said["Overfitting or underfitting?"].startswith("Some overfitting")
    assert "0.200 above" in said["Overfitting or underfitting?"]


def test_the_limit_of_chance_and_the_final_losses_are_told() -> None:
    learned = answers(LEARNING)["What was learned?"]
    assert f"{math.log(65):.3f}" in learned
    assert all(number in learned for number in ("2.300", "1.700", "1.720", "1.750"))
    assert f"{math.exp(1.72):.1f} equally likely" in learned


def test_hard_kinds_and_characters_are_named_and_rare_ones_are_not() -> None:
    said = answers(replace(LEARNING, hard=HARD, read="a text"))["What is still hard?"]
    assert said.startswith("On a text (100 characters")
    assert "hardest kind is the capital (2.50 nats)" in said
    assert "easiest the space (0.25)" in said
    assert "loss, 50%, comes from the first small letter of a word." in said
    assert "↵ (2.2), < (1.5)" in said
    assert "Q" not in said


@pytest.mark.parametrize("epochs", [0, 1])
def test_few_epochs_are_not_overrated(epochs: int) -> None:
    said = answers(
        replace(LEARNING, training=LEARNING.training[:epochs], validation=(2.1,)[:epochs])
    )
    if epochs:
        assert "at least two" in said["Did it converge?"]
        assert "Train for 2 epochs" in said["What to try next?"]
    else:
        assert list(said.values()) == ["No epoch's loss was measured, so there is nothing to say."]


def test_a_run_that_failed_says_why_and_what_to_do() -> None:
    failed = replace(LEARNING, failure="Training diverged.", advice="Lower the learning rate.")
    said = answers(failed)
    assert said["What was learned?"].endswith("Training diverged.")
    assert said["What to try next?"] == "Lower the learning rate."
    assert "Did it converge?" not in said


def test_without_validation_nobody_can_tell() -> None:
    said = answers(replace(LEARNING, validation=(), test=None))
    assert said["Overfitting or underfitting?"] == "Without a validation part nobody can tell."
    assert "training loss by 0.200" in said["Did it converge?"]


@pytest.mark.parametrize("change", [-SETTLED / 2, SETTLED / 2, 0.0])
def test_a_change_within_the_threshold_is_converged(change: float) -> None:
    validation = (2.0, 1.7, 1.7 + change)
    said = answers(replace(LEARNING, training=(2.0, 1.7, 1.7), validation=validation))
    assert said["Did it converge?"].startswith("Yes")


def test_every_answer_is_made_of_whole_sentences() -> None:
    for numbers in (LEARNING, SETTLED_DOWN, MEMORIZING, replace(LEARNING, hard=HARD)):
        for finding in analysis(numbers):
            assert re.fullmatch(r"[A-Z].*\.", finding.answer)
            assert "  " not in finding.answer
