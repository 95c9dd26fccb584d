"""What a run does now, in words: one sentence, and what somebody can do about it."""

from __future__ import annotations

from collections.abc import Iterable

from rnnlab.runs.run import Event
from rnnlab.runs.status import Status
from rnnlab.training.config import settings
from rnnlab.training.wording import choice_name, duration_text

TITLES = {
    "queued": "Waiting",
    "starting": "Starting",
    "running": "Training",
    "paused": "Paused",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
    "interrupted": "Interrupted",
    "lost": "Lost",
}


def state_title(status: Status) -> str:
    """The state in one word for people, such as 'Waiting' for a queued run."""
    if status.state == "interrupted" and status.attempt == 0:
        return "Not started"
    return TITLES[status.state]


def state_sentence(
    status: Status, position: int | None = None, *, was_imported: bool = False
) -> str:
    """What the state means and what to do.

    Args:
        position: in the queue, counting from 1; None when it is not known.
        was_imported: it came in a zip, so it cannot go on.
    """
    done = f"{status.step:,} update{'' if status.step == 1 else 's'}"
    spent = f"{done} in {duration_text(status.seconds)}"
    sentences = {
        "queued": _queued(position),
        "starting": "The text is read and the network is built; the first loss comes in a moment.",
        "running": f"{spent} so far.",
        "paused": f"{spent} so far. Continue it, or make one single update and look.",
        "finished": f"{spent}.",
        "stopped": f"{spent}. Everything is kept; Resume goes on from there.",
        "failed": " ".join(filter(None, (status.error, status.advice))),
        "interrupted": f"{spent}, then the app was closed. Resume goes on from there.",
        "lost": f"{status.error} Resume goes on from the last point that was saved.",
    }
    if was_imported and status.state == "stopped":
        return f"{spent}, not to its end. It came in a zip, so it can be read but not trained on."
    if status.state == "interrupted" and status.error:
        return f"{status.error} Resume puts it back into the queue."
    if status.state == "interrupted" and status.attempt == 0:
        return "It was described, but never started. Start it with Resume."
    return sentences[status.state] or "It ended with an error that left no message."


def changes_sentence(events: Iterable[Event]) -> str:
    """Which settings were changed while a run trained, and when; "" for none."""
    told = [
        f"{settings()[event.what].label.lower()} {_value(event.old)} → {_value(event.new)} after "
        f"update {event.step:,}"
        for event in events
        if event.what in settings()
    ]
    return f"Changed while it trained: {'; '.join(told)}." if told else ""


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else choice_name(str(value))


def progress_text(status: Status) -> str:
    """Steps, epochs and time left on one line, as far as they are known."""
    of_total = f" of {status.total_steps:,}" if status.total_steps else ""
    parts = [f"Update {status.step:,}{of_total}", f"epoch {status.epoch:.2f}"]
    if status.is_active and status.seconds_left is not None:
        parts.append(f"{duration_text(max(status.seconds_left, 0.0))} left")
    return " · ".join(parts)


def _queued(position: int | None) -> str:
    if position is None or position < 1:
        return "It waits for its turn and starts by itself."
    if position == 1:
        return "It is next in the queue and starts by itself when the run before it ends."
    return f"It is number {position} in the queue and starts by itself when its turn comes."
