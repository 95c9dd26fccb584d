"""When the worker stores weights and resume points, so that saving stays cheap.

Writing a large network takes a while. Each kind of save notes what it cost, and waits until it
would take at most 1 % of the time; a resume point is due after a quarter of a second, then
at growing intervals, at last every ten seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

FIRST = 0.25  # seconds
EVERY = 10.0
SHARE = 0.01  # of the time, at most


class Savings:
    """Says when the next save of one kind is due."""

    def __init__(self, first: float, every: float) -> None:
        self._began = time.monotonic()
        self._every = every
        self._due = self._began + first

    def is_due(self) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self._due

    def save(self, write: Callable[[], None]) -> None:
        """Write now, and set the next time by what it cost."""
        start = time.monotonic()
        write()
        now = time.monotonic()
        rhythm = min(self._every, now - self._began)  # doubles, second by second
        self._due = now + max(rhythm, (now - start) / SHARE)
