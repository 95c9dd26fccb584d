"""States of a run in words."""

from __future__ import annotations

import pytest

from rnnlab.runs.run import Event
from rnnlab.runs.status import ACTIVE, OVER, TURN_NEVER_CAME, Status
from rnnlab.runs.table import TITLES, changes_sentence, progress_text, state_sentence, state_title


@pytest.mark.parametrize("state", [*ACTIVE, *OVER, "lost"])
def test_every_state_has_a_word_and_a_sentence(state: str) -> None:
    status = Status(state=state, attempt=1, step=12, seconds=3.0)
    assert state_title(status) == TITLES[state]
    assert state_sentence(status).endswith((".", "!"))


def test_a_position_in_the_queue_is_said() -> None:
    assert "number 3" in state_sentence(Status(state="queued", attempt=1), 3)
    assert "next" in state_sentence(Status(state="queued", attempt=1), 1)


def test_a_failure_says_what_happened_and_what_to_change() -> None:
    status = Status(state="failed", attempt=1, error="The loss is NaN.", advice="Try 0.0002.")
    assert state_sentence(status) == "The loss is NaN. Try 0.0002."


@pytest.mark.parametrize("state", ["stopped", "interrupted", "lost"])
def test_what_can_go_on_says_so(state: str) -> None:
    assert "Resume" in state_sentence(Status(state=state, attempt=1, step=1))


def test_what_was_changed_is_told_in_order() -> None:
    events = [
        Event(0, 0.0, "attempt", 0, 1),
        Event(1357, 2.0, "learning_rate", 0.007, 1e-6),
        Event(1373, 3.0, "clipping", "norm", "none"),
    ]
    assert changes_sentence(events) == (
        "Changed while it trained: learning rate 0.007 → 1e-06 after update 1,357; "
        "clipping norm → none after update 1,373."
    )
    assert changes_sentence(events[:1]) == ""


def test_a_run_from_a_zip_is_not_told_to_go_on() -> None:
    sentence = state_sentence(Status(state="stopped", step=3), was_imported=True)
    assert "3 updates" in sentence
    assert "zip" in sentence
    assert "Resume" not in sentence


def test_a_run_that_was_never_started_is_not_called_interrupted() -> None:
    assert state_title(Status()) == "Not started"
    assert "never started" in state_sentence(Status())


@pytest.mark.parametrize(("attempt", "title"), [(0, "Not started"), (1, "Interrupted")])
def test_a_run_whose_turn_never_came_says_so(attempt: int, title: str) -> None:
    status = Status(attempt=attempt, error=TURN_NEVER_CAME)
    assert state_title(status) == title
    assert "turn" in state_sentence(status)
    assert "Resume" in state_sentence(status)


def test_progress_names_what_is_known() -> None:
    status = Status(state="running", step=1500, epoch=0.5, total_steps=3000, seconds_left=75.0)
    assert progress_text(status) == "Update 1,500 of 3,000 · epoch 0.50 · 1 min 15 s left"
    assert progress_text(Status(state="running", step=1)) == "Update 1 · epoch 0.00"
