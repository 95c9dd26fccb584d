"""Where torch computes: devices, and the number of CPU threads, found by timing real updates.

Guessing the threads fails: for a small network two can take three times as long as one, and on a
busy machine a hundred times.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import torch

from rnnlab.training.config import ConfigError

CORES = torch.get_num_threads()  # what torch would use by itself


def available_devices() -> tuple[str, ...]:
    """Where torch can compute on this machine, best first."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return (*(name for name, is_here in here.items() if is_here), "cpu")


def find_device(wished: str) -> torch.device:
    """The device of a config; ConfigError when it is not there."""
    here = available_devices()
    if wished == "auto":
        return torch.device(here[0])
    if wished not in here:
        raise ConfigError(
            f"Device is '{wished}', but torch finds only {', '.join(here)} on this machine; "
            "choose 'auto' or 'cpu'."
        )
    return torch.device(wished)


def thread_candidates(threads: int, device: str) -> tuple[int, ...]:
    """Numbers of CPU threads that may be fastest; the configured one unless that is 0."""
    if threads:
        return (threads,)
    return (1, min(2, CORES), CORES) if device == "cpu" else (1,)


@contextmanager
def computing(threads: int) -> Iterator[None]:
    """So many threads, and numbers below 1e-38 as zero: they would take a hundred times as long."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)  # other code of this process may want them


MAX_BLOCK_UPDATES = 5  # updates on the same number of threads in a row; the first is not counted
BLOCK_SECONDS = 0.05  # a block ends once it lasts this long, but has at least two updates
TRIAL_SECONDS = 0.5  # and two rounds, before the medians decide
HOPELESS = 1.5  # times slower than the best in one block: not tried again
WORTH_IT = 1.05  # times faster that more threads must be: they suffer most on a busy machine


class ThreadAutotuner:
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
        if len(self._block) >= MAX_BLOCK_UPDATES or sum(self._block) >= BLOCK_SECONDS:
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
