"""Whether a backward pass gives the derivative of the loss: compared with finite differences.

Differences for all weights of a tensor are computed at once, and the network and its text are
small enough to be checked while somebody waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnnlab.network.cells import CELLS, Cell, Values
from rnnlab.network.char_rnn import Architecture, CharRNN, Params
from rnnlab.network.initialization import initial_params
from rnnlab.network.losses import cross_entropy, log_softmax
from rnnlab.network.tape import State
from rnnlab.text.vocabulary import Vocabulary

EPSILON = 1e-5
PASSES_BELOW = 1e-6


@dataclass(frozen=True, eq=False)
class TensorCheck:
    """The gradient of one parameter from the backward pass, and from the loss on both sides."""

    name: str
    analytic: np.ndarray  # what the backward pass says
    numeric: np.ndarray  # (loss(θ + ε) − loss(θ − ε)) / 2ε, element by element
    noise: float  # norm of the error that rounding alone may make in `numeric`

    @property
    def error(self) -> float:
        """‖a − n‖ / (‖a‖ + ‖n‖): 0 where both agree, 1 where one of them is 0."""
        size = self._size
        return self._distance / size if size > 0 else 0.0

    @property
    def passes(self) -> bool:
        """Whether backward pass and loss agree, as far as rounding lets one see."""
        return self._distance <= PASSES_BELOW * self._size + self.noise

    @property
    def _distance(self) -> float:
        return float(np.linalg.norm(self.analytic - self.numeric))

    @property
    def _size(self) -> float:
        return float(np.linalg.norm(self.analytic) + np.linalg.norm(self.numeric))


def check_gradients(
    params: Params, grads: Params, loss: Callable[[], float]
) -> dict[str, TensorCheck]:
    """Compare gradients with finite differences of the loss, for every parameter by name.

    Args:
        params: float64; changed by ±ε one element at a time, and left as they were.
        grads: under the same names.
        loss: computes the loss anew from `params`; whatever is random in it must repeat.
    """
    noise = rounding_noise(loss())
    return {
        name: TensorCheck(
            name, grads[name], _differences(param, loss), noise * float(np.sqrt(param.size))
        )
        for name, param in params.items()
    }


def rounding_noise(loss: float) -> float:
    """About how far rounding alone moves one finite difference of a loss in 64 bits."""
    return float(np.finfo(np.float64).eps) * abs(loss) / EPSILON


def _differences(param: np.ndarray, loss: Callable[[], float]) -> np.ndarray:
    numeric = np.empty_like(param)
    for place in np.ndindex(param.shape):
        kept = param[place]
        param[place] = kept + EPSILON
        higher = loss()
        param[place] = kept - EPSILON
        lower = loss()
        param[place] = kept
        numeric[place] = (higher - lower) / (2 * EPSILON)
    return numeric


def differences(
    model: CharRNN, ids: np.ndarray, targets: np.ndarray, state: State
) -> dict[str, np.ndarray]:
    """(loss(θ + ε) − loss(θ − ε)) / 2ε for every weight θ, by the name of its tensor.

    Only the forward pass of `model.cell` is used, so a bug in a backward pass cannot be in it.

    Args:
        model: float64, one-hot inputs.
        ids, targets: (B, T).
        state: before the first character.
    """
    return {
        name: tensor_differences(model, name, ids, targets, state).reshape(param.shape)
        for name, param in model.params.items()
    }


def tensor_differences(
    model: CharRNN, name: str, ids: np.ndarray, targets: np.ndarray, state: State
) -> np.ndarray:
    """The finite differences by one tensor, (N,) for its N weights: 2N losses at once."""
    param = model.params[name]
    moved = EPSILON * np.eye(param.size).reshape(param.size, *param.shape)  # (N, …)
    both = np.concatenate([param + moved, param - moved])  # (2N, …)
    found = losses(model.cell, model.params | {name: both}, ids, targets, state)
    higher, lower = np.split(found, 2)
    return (higher - lower) / (2 * EPSILON)


def losses(
    cell: type[Cell], params: Params, ids: np.ndarray, targets: np.ndarray, state: State
) -> np.ndarray:
    """Mean losses, (P,), of P networks that differ in some tensors.

    Args:
        params: as of one network with one-hot inputs; some with a first axis of P more.
    """
    rows = params["rnn.weight_ih_l0"][..., ids.T]  # (…, N, T, B): columns looked up
    said = np.moveaxis(rows, -3, -1)  # (…, T, B, N)
    x = _layer(cell, params, 0, said, state[0])  # (…, T, B, H)
    for k in range(1, len(state)):
        said = _product(x, params[f"rnn.weight_ih_l{k}"])
        x = _layer(cell, params, k, said, state[k])
    logits = _product(x, params["decoder.weight"]) + params["decoder.bias"][..., None, None, :]
    log_p = log_softmax(logits)  # (…, T, B, V)
    wanted = targets.T.reshape((1,) * (log_p.ndim - 3) + (*targets.T.shape, 1))
    return -np.take_along_axis(log_p, wanted, axis=-1)[..., 0].mean(axis=(-2, -1))


def _layer(cell: type[Cell], params: Params, k: int, said: np.ndarray, state: Values) -> np.ndarray:
    """h of a layer at every step, given what W_ih makes of its inputs."""
    a = said + params[f"rnn.bias_ih_l{k}"][..., None, None, :]
    weight, bias = params[f"rnn.weight_hh_l{k}"], params[f"rnn.bias_hh_l{k}"]
    seen = []
    for t in range(a.shape[-3]):
        u = state["h"] @ weight.swapaxes(-1, -2) + bias[..., None, :]  # (…, B, N)
        state = cell.forward(a[..., t, :, :], u, state)
        seen.append(state["h"])
    return np.stack(seen, axis=-3)


def _product(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(…, T, B, D) times the transpose of (…, N, D)."""
    return x @ weight.swapaxes(-1, -2)[..., None, :, :]


MAX_TEXT_CHARACTERS = 40  # characters
MAX_SIZES = {"num_layers": 2, "hidden_size": 8, "batch_size": 4, "seq_length": 12, "seed": 999}


@dataclass(frozen=True)
class CaseSetting:
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
        for name, most in MAX_SIZES.items():
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(
                    f"{name} is {getattr(self, name)}, but this check takes 1 to {most}."
                )
        if not self.seq_length < len(self.text) <= MAX_TEXT_CHARACTERS:
            raise ValueError(
                f"The text has {len(self.text)} characters, but sequences of {self.seq_length} "
                f"need {self.seq_length + 1} to {MAX_TEXT_CHARACTERS}: type another text, or "
                "choose shorter sequences."
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


def make_case(setting: CaseSetting) -> Case:
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


def _windows(ids: np.ndarray, setting: CaseSetting) -> np.ndarray:
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
