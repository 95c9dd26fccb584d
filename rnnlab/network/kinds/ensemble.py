"""Several networks of one kind that learn the same from different starts and then vote.

Each errs in its own way; the mean of their probabilities errs less than any of them.

Source: Hansen & Salamon 1990, Neural network ensembles, doi:10.1109/34.58871.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlab.network.char_rnn import Params
from rnnlab.network.losses import softmax

MEMBERS = "members."  # begins the name of each parameter, before the number of its network


@dataclass(frozen=True)
class EnsembleSizes:
    """So many networks of the same sizes."""

    member: Any  # the sizes of each
    number: int

    @property
    def vocab_size(self) -> int:
        """How many symbols it reads."""
        return self.member.vocab_size

    @property
    def outputs(self) -> int:
        """How many things it chooses between."""
        return self.member.outputs

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, by its torch name."""
        shapes = self.member.shapes()
        return {f"{MEMBERS}{k}.{n}": shapes[n] for k in range(self.number) for n in shapes}

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return self.number * self.member.parameter_count()


@dataclass(frozen=True)
class EnsembleReading:
    """What the networks make of sequences together."""

    logits: np.ndarray  # (B, T, O) logarithms of the mean of their probabilities
    final_state: None = None  # it is asked once, when everything was read


class Ensemble:
    """Networks whose probabilities are averaged."""

    def __init__(self, architecture: EnsembleSizes, members: list[Any]) -> None:
        self.architecture = architecture
        self.members = members
        self.params = {
            f"{MEMBERS}{k}.{name}": value
            for k, member in enumerate(members)
            for name, value in member.params.items()
        }

    def forward(self, ids: np.ndarray, state: None = None) -> EnsembleReading:
        """Read (B, T) symbols; state must be None."""
        votes = [softmax(member.forward(ids).logits) for member in self.members]
        return EnsembleReading(np.log(np.mean(votes, axis=0) + np.finfo(np.float32).tiny))


def of_member(params: Params, k: int) -> Params:
    """The parameters of one network of an ensemble, under their own names."""
    start = f"{MEMBERS}{k}."
    return {n.removeprefix(start): value for n, value in params.items() if n.startswith(start)}
