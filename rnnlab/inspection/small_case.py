"""A network small enough for a gradient check while somebody waits, and a text for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.inspection.differences import differences
from rnnlab.inspection.gradient_check import TensorCheck, rounding_noise
from rnnlab.network.cells import CELLS
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import cross_entropy
from rnnlab.network.models import Architecture, CharRNN, Params
from rnnlab.network.tape import State
from rnnlab.text.vocabulary import Vocabulary

LONGEST_TEXT = 40  # characters
MOST = {"num_layers": 2, "hidden_size": 8, "batch_size": 4, "seq_length": 12, "seed": 999}


@dataclass(frozen=True)
class Setting:
    """What a gradient check is made with.

    Raises:
        ValueError: a size that is too large to wait for, or a text too short for the sequence.
    """

    cell: str = "lstm"
    num_layers: int = 1
    hidden_size: int = 5
    batch_size: int = 2
    seq_length: int = 8
    seed: int = 1
    text: str = "to be or not to be"

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ValueError(f"There is no cell '{self.cell}'; the cells are {', '.join(CELLS)}.")
        for name, most in MOST.items():
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(
                    f"{name} is {getattr(self, name)}, but this check takes 1 to {most}."
                )
        if not self.seq_length < len(self.text) <= LONGEST_TEXT:
            raise ValueError(
                f"The text has {len(self.text)} characters, but sequences of {self.seq_length} "
                f"need {self.seq_length + 1} to {LONGEST_TEXT}: type another text, or choose "
                "shorter sequences."
            )


@dataclass(frozen=True, eq=False)
class Case:
    """A network in 64 bits, and what it reads."""

    model: CharRNN
    ids: np.ndarray  # (B, T)
    targets: np.ndarray  # (B, T)
    state: State  # before the first character, not zero, as in the middle of a text

    @property
    def loss(self) -> float:
        """Mean nats per character."""
        return cross_entropy(self.model.forward(self.ids, self.state).logits, self.targets)[0]

    def gradients(self) -> Params:
        """What the backward pass of the network says, by name."""
        tape = self.model.forward(self.ids, self.state)
        return self.model.backward(tape, cross_entropy(tape.logits, self.targets)[1])

    def differences(self) -> Params:
        """What the loss itself says, by name."""
        return differences(self.model, self.ids, self.targets, self.state)


def make_case(setting: Setting) -> Case:
    """The network and the sequences of a setting, the same each time.

    The B sequences begin evenly spread over the text. Weights are uniform in ±1/√H, far from zero,
    so that rounding is far below every gradient.
    """
    vocabulary = Vocabulary.from_text(setting.text)
    size = Architecture(setting.cell, len(vocabulary), 0, setting.hidden_size, setting.num_layers)
    rng = np.random.default_rng(setting.seed)
    params = initial_params(size, "pytorch", rng)
    model = CharRNN(size, {name: param.astype(np.float64) for name, param in params.items()})
    state = [
        {name: rng.uniform(-0.9, 0.9, zeros.shape) for name, zeros in layer.items()}
        for layer in model.initial_state(setting.batch_size)
    ]
    windows = _windows(vocabulary.encode(setting.text), setting)  # (B, T + 1)
    return Case(model, windows[:, :-1], windows[:, 1:], state)


def _windows(ids: np.ndarray, setting: Setting) -> np.ndarray:
    last = len(ids) - setting.seq_length - 1
    starts = np.linspace(0, last, setting.batch_size).astype(int)
    return ids[starts[:, None] + np.arange(setting.seq_length + 1)]


def compared(a: Params, b: Params, loss: float | None = None) -> dict[str, TensorCheck]:
    """Two gradients, tensor by tensor.

    Args:
        loss: give it when `b` are finite differences, whose rounding is then allowed for.
    """
    noise = 0.0 if loss is None else rounding_noise(loss)
    return {
        name: TensorCheck(name, a[name], b[name], noise * float(np.sqrt(a[name].size)))
        for name in a
    }


def element_errors(check: TensorCheck) -> np.ndarray:
    """|a − n| / (|a| + |n|) element by element; 0 where both are 0. To look at, not to judge by:
    where a gradient is nearly 0, the rounding of the difference is all there is."""
    size = np.abs(check.analytic) + np.abs(check.numeric)
    return np.abs(check.analytic - check.numeric) / np.where(size > 0, size, 1.0)
