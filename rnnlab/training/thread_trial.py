"""Finds out by timing real updates how many CPU threads to compute with."""

from __future__ import annotations

from statistics import median

LONGEST_BLOCK = 5  # updates on the same number of threads in a row; the first is not counted
BLOCK_SECONDS = 0.05  # a block ends once it lasts this long, but has at least two updates
TRIAL_SECONDS = 0.5  # and two rounds, before the medians decide
HOPELESS = 1.5  # times slower than the best in one block: not tried again
WORTH_IT = 1.05  # times faster that more threads must be: they suffer most on a busy machine


class ThreadTrial:
    """Takes turns with the candidates, then settles on the fewest that are about the fastest.

    What counts is the median, and more threads are only taken when they gain more than 5 %.

    Guessing fails: for a small network with batch size 1, two threads can take three times as
    long as one, and on a busy machine a hundred times. `threads` is what the next update should
    use; tell `record` how long it took.
    """

    def __init__(self, candidates: tuple[int, ...]) -> None:
        self._times: dict[int, list[float]] = {c: [] for c in sorted(set(candidates))}
        self._waiting = list(self._times)  # of this round
        self._block: list[float] = []
        self._rounds = 0
        self._spent = 0.0

    @property
    def threads(self) -> int:
        """How many threads the next update should use."""
        return self._waiting[0]

    @property
    def decided(self) -> bool:
        """Whether `threads` is final."""
        return len(self._times) == 1

    def record(self, seconds: float) -> None:
        """Note how long the update took that was just made on `threads`."""
        self._block.append(seconds)
        self._spent += seconds
        if len(self._block) < 2:
            return
        if len(self._block) >= LONGEST_BLOCK or sum(self._block) >= BLOCK_SECONDS:
            self._end_block()

    def _end_block(self) -> None:
        self._times[self._waiting.pop(0)] += self._block[1:]
        self._block = []
        if self._waiting:
            return
        self._rounds += 1
        medians = {c: median(times) for c, times in self._times.items()}
        fastest = min(medians.values())
        if self._rounds >= 2 and self._spent >= TRIAL_SECONDS:
            kept = [next(c for c in medians if medians[c] <= WORTH_IT * fastest)]
        else:
            kept = [c for c in medians if min(self._times[c]) <= HOPELESS * fastest]
        self._times = {c: self._times[c] for c in kept}
        self._waiting = kept
