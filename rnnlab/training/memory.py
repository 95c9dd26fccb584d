"""How much memory a run takes, so that one that cannot fit is refused and not killed half-way."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

from rnnlab.network.cells import CELLS
from rnnlab.training.config import ConfigError
from rnnlab.training.task import Task

_FLOAT = 4  # bytes
_COPIES_OF_WEIGHTS = 6  # themselves, gradients, two of the optimizer, scratch, one to be stored
_COPIES_OF_LOGITS = 4  # one-hot input, logits, probabilities, gradient
_GIGABYTE = 1e9


@dataclass(frozen=True)
class Memory:
    """What training takes at its peak, in bytes, to within a factor of about two."""

    weights: float
    values: float  # of every position of a batch, kept for the backward pass
    one_hot: float  # the table of one-hot vectors

    @property
    def total(self) -> float:
        """Bytes of all together."""
        return self.weights + self.values + self.one_hot

    @property
    def remedy(self) -> str:
        """What to change where it takes too much."""
        if self.values >= max(self.weights, self.one_hot):
            return "use a smaller batch, a shorter sequence or fewer hidden units"
        if self.weights >= self.one_hot:
            return "use fewer hidden units or layers"
        return "use an embedding instead of one-hot vectors, or a text with fewer characters"


def memory_needed(task: Task) -> Memory:
    """What training a run on the CPU takes."""
    sizes, config = task.architecture, task.config
    blocks = CELLS[config.cell].blocks
    # Each layer keeps its gates and as much again; the one going backward holds that twice.
    hidden = 2 * blocks * config.hidden_size * (config.num_layers + 1)
    position = _COPIES_OF_LOGITS * sizes.outputs + hidden
    return Memory(
        weights=_FLOAT * _COPIES_OF_WEIGHTS * sizes.parameter_count(),
        values=_FLOAT * position * task.batcher.characters_per_update,
        one_hot=0 if config.embedding_size else _FLOAT * sizes.vocab_size**2,
    )


def memory_here() -> float:
    """Bytes of memory in this computer."""
    return float(psutil.virtual_memory().total)


def check_memory(task: Task, available: float) -> None:
    """Refuse a run that this much memory, in bytes, cannot hold.

    Raises:
        ConfigError: it takes more.
    """
    needed = memory_needed(task)
    if needed.total > available:
        raise ConfigError(
            f"This run needs about {gigabytes(needed.total)} of memory, but this computer has "
            f"{gigabytes(available)}; {needed.remedy}."
        )


def gigabytes(size: float) -> str:
    """Bytes in words, such as '3,800 GB'."""
    return f"{size / _GIGABYTE:,.0f} GB" if size >= 10e9 else f"{size / _GIGABYTE:.1f} GB"
